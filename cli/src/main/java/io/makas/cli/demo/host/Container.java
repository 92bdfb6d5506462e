// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A container as far as its network goes: a network namespace with a name, in which programs are run. Whoever makes one
 * has its removal on the {@link Cleanup} already.
 */
public final class Container {

    private final String name;

    private Container(String name) {
        this.name = name;
    }

    /** Makes a network namespace with nothing but its loopback interface, which is up as in a container runtime's. */
    public static Container create(Shell shell, String name) {
        shell.run("ip", "netns", "add", name);
        shell.run("ip", "-netns", name, "link", "set", "lo", "up");
        return new Container(name);
    }

    /** Removes the network namespace of this name, and with it every interface in it; does nothing if there is none. */
    public static void delete(Shell shell, String name) {
        if (Files.exists(file(name))) {
            shell.run("ip", "netns", "delete", name);
        }
    }

    /** Its name, which is also the container id that the CNI plugins are told. */
    public String name() {
        return name;
    }

    /** The file that stands for its network namespace. */
    public Path namespace() {
        return file(name);
    }

    /** A command turned into one that runs in this container. */
    public List<String> inside(List<String> command) {
        // Not "ip netns exec", which mounts another /sys.
        List<String> inside = new ArrayList<>(List.of("nsenter", "--net=" + namespace()));
        inside.addAll(command);
        return inside;
    }

    /** A command turned into one that runs in this container. */
    public List<String> inside(String... command) {
        return inside(List.of(command));
    }

    private static Path file(String name) {
        return Path.of("/run/netns", name);
    }
}
