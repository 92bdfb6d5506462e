// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test loads a shared library of the system. */
@Tag("system")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresLibrary.Condition.class)
public @interface RequiresLibrary {

    /** File names without their version, such as {@code librte_vhost.so}. */
    String[] value();

    /** The Debian package that holds them, for the reason. */
    String debianPackage() default "";

    /** Looks where distributions keep libraries. */
    final class Condition extends Requirement<RequiresLibrary> {

        Condition() {
            super(RequiresLibrary.class);
        }

        @Override
        Optional<String> lack(RequiresLibrary annotation) {
            return Arrays.stream(annotation.value())
                    .filter(library -> folders().noneMatch(folder -> holds(folder, library)))
                    .findFirst()
                    .map(library -> "needs the library " + library + orInstall(annotation.debianPackage()));
        }

        private static Stream<Path> folders() {
            String arch = System.getProperty("os.arch").replace("amd64", "x86_64");
            return Stream.of("/usr/lib/" + arch + "-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib")
                    .map(Path::of)
                    .filter(Files::isDirectory);
        }

        private static boolean holds(Path folder, String library) {
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString())
                        .anyMatch(name -> name.equals(library) || name.startsWith(library + "."));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
