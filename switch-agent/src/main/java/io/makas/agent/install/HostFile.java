// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file of the node. It is never seen half-written: its new content is written beside it and renamed over it, which also works
 * while the old one is being executed, and which container runtimes notice (they do not notice a file that is moved in from
 * another folder). The name of the file beside it begins with a dot and has an ending of its own, so that no runtime reads it.
 */
final class HostFile {

    private final Path path;

    private HostFile(Path path) {
        this.path = path;
    }

    /** The file of the same name in a folder. */
    static HostFile in(Path folder, Path like) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder '" + folder + "' to put " + like.getFileName() + " into");
        }
        return new HostFile(folder.resolve(like.getFileName().toString()));
    }

    boolean exists() {
        return Files.exists(path);
    }

    /**
     * Gives the file another's content; executable by everybody if the other is executable, else readable.
     *
     * @return what was done
     */
    String replace(Path from) throws IOException {
        String mode = Files.isExecutable(from) ? "rwxr-xr-x" : "rw-r--r--";
        if (exists()
                && Files.mismatch(from, path) == -1
                && PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                        .equals(mode)) {
            return path + " is up to date";
        }
        Path beside = path.resolveSibling("." + path.getFileName() + ".new");
        try {
            Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString(mode));
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            throw new IOException("cannot write '" + path + "': " + e, e);
        }
        return path + " written";
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
