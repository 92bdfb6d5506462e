// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import io.makas.agent.config.SwitchConfig.Cni;
import io.makas.agent.config.SwitchConfig.CniMode;
import io.makas.agent.config.SwitchConfig.Dpdk;
import io.makas.agent.config.SwitchConfig.Grpc;
import io.makas.agent.config.SwitchConfig.Limits;
import io.makas.agent.config.SwitchConfig.Log;
import io.makas.agent.config.SwitchConfig.PortSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads a {@link SwitchConfig} from YAML 1.2. Runs on the main thread; holds nothing. */
public final class ConfigFile {

    /** Longest path that Java binds a Unix socket to, in bytes: one less than Linux has room for. */
    private static final int MAX_SOCKET_PATH_BYTES = 106;

    private static final int MAX_FILE_CHARACTERS = 1 << 20;

    private ConfigFile() {}

    /** Reads a file. */
    public static SwitchConfig read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException("there is no configuration file '" + file
                    + "'; 'makas switch --print-config' prints one to start from");
        } catch (CharacterCodingException e) {
            throw new ConfigException("the configuration file '" + file + "' is not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException("cannot read the configuration file '" + file + "': " + e.getMessage());
        }
    }

    /** The commented file with every key at its default. */
    public static String documentation() {
        try (var in = ConfigFile.class.getResourceAsStream("default.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a text.
     *
     * @param name what errors call it
     * @param yaml the text
     */
    static SwitchConfig parse(String name, String yaml) {
        Optional<Node> root;
        try {
            var settings = LoadSettings.builder()
                    .setLabel(name)
                    .setCodePointLimit(MAX_FILE_CHARACTERS)
                    .build();
            root = new Composer(settings, new ParserImpl(settings, new StreamReader(settings, yaml))).getSingleNode();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new ConfigException(name + ":" + line + ": this is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigException(name + ": this is not YAML: " + e.getMessage());
        }
        return root.isEmpty() ? SwitchConfig.defaults() : config(new Section(name, "", root.get()));
    }

    private static SwitchConfig config(Section top) {
        SwitchConfig otherwise = SwitchConfig.defaults();
        var config = new SwitchConfig(
                grpc(top.section("grpc"), otherwise.grpc()),
                cni(top.section("cni")),
                WorkersReader.read(top.section("workers"), otherwise.workers()),
                dpdk(top.section("dpdk"), otherwise.dpdk()),
                flowFile(top),
                ports(top),
                limits(top.section("limits"), otherwise.limits()),
                log(top.section("log"), otherwise.log()));
        top.end();
        return config;
    }

    private static Optional<Path> flowFile(Section top) {
        return top.word("flow-file").map(text -> {
            try {
                return path(text);
            } catch (ConfigException e) {
                throw top.refuse("flow-file", e.getMessage());
            }
        });
    }

    private static Grpc grpc(Section section, Grpc otherwise) {
        var grpc = new Grpc(
                socket(section, "socket").orElse(otherwise.socket()),
                mode(section, otherwise.mode()),
                section.word("group"));
        section.end();
        return grpc;
    }

    private static int mode(Section section, int otherwise) {
        Optional<String> text = section.text("mode");
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.get().matches("0?[0-7]{3}")) {
            throw section.refuse("mode", "expected permissions in octal like 0660, but found '" + text.get() + "'");
        }
        return Integer.parseInt(text.get(), 8);
    }

    private static Cni cni(Section section) {
        Optional<String> text = section.word("socket");
        Cni cni;
        if (text.isEmpty() || text.get().equals("auto")) {
            cni = new Cni(CniMode.AUTO, Optional.empty());
        } else if (text.get().equals("off")) {
            cni = new Cni(CniMode.OFF, Optional.empty());
        } else {
            cni = new Cni(CniMode.SOCKET, socket(section, "socket"));
        }
        section.end();
        return cni;
    }

    private static Dpdk dpdk(Section section, Dpdk otherwise) {
        var dpdk = new Dpdk(
                section.oneOf("mode", otherwise.mode()),
                section.truth("hugepages", otherwise.hasHugepages()),
                section.integer("memory-mb", otherwise.memoryMb(), 16, 1 << 20),
                section.integer("mbufs", otherwise.mbufs(), 1_024, 1 << 24),
                section.texts("eal-options", otherwise.ealOptions()));
        section.end();
        return dpdk;
    }

    private static List<PortSpec> ports(Section top) {
        List<PortSpec> ports = new ArrayList<>();
        for (Section section : top.sections("ports")) {
            PortSpec port = PortReader.read(section);
            for (PortSpec other : ports) {
                if (other.config().name().equals(port.config().name())) {
                    throw section.refuse("name", "'" + port.config().name() + "' is taken by a port above");
                }
                if (port.number() != 0 && other.number() == port.number()) {
                    throw section.refuse("number", port.number() + " is taken by a port above");
                }
            }
            ports.add(port);
        }
        return ports;
    }

    private static Limits limits(Section section, Limits otherwise) {
        var limits = new Limits(
                section.integer("flows", otherwise.flows(), 1, 100_000_000),
                section.integer("highest-port-number", otherwise.highestPortNumber(), 1, 0xfeff),
                section.integer("megaflows", otherwise.megaflows(), 1, 1 << 24),
                section.integer("exact-match-entries", otherwise.exactMatchEntries(), 2, 1 << 24),
                section.integer("bundle-edits", otherwise.bundleEdits(), 1, 10_000_000),
                section.integer("message-bytes", otherwise.messageBytes(), 64 << 10, 64 << 20),
                section.integer("calls-per-connection", otherwise.callsPerConnection(), 1, 10_000));
        if (Integer.bitCount(limits.exactMatchEntries()) != 1) {
            throw section.refuse("exact-match-entries", limits.exactMatchEntries() + " is not a power of two");
        }
        section.end();
        return limits;
    }

    private static Log log(Section section, Log otherwise) {
        var log = new Log(section.oneOf("level", otherwise.level()), section.oneOf("format", otherwise.format()));
        section.end();
        return log;
    }

    private static Optional<Path> socket(Section section, String key) {
        return section.word(key).map(text -> {
            try {
                return checkedSocket(text);
            } catch (ConfigException e) {
                throw section.refuse(key, e.getMessage());
            }
        });
    }

    /** The path of a Unix socket, or a refusal that says what is wrong with it. */
    static Path checkedSocket(String text) {
        Path path = path(text);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (!path.isAbsolute() || bytes > MAX_SOCKET_PATH_BYTES) {
            throw new ConfigException("the socket '" + text + "' (" + bytes
                    + " bytes) must be an absolute path of at most " + MAX_SOCKET_PATH_BYTES + " bytes");
        }
        return path.normalize();
    }

    /** Not every text is a path: none has a NUL, and without a locale of UTF-8 Java takes nothing but ASCII. */
    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException("'" + text.replace("\0", "\\0") + "' cannot be a path here: " + e.getReason()
                    + "; for letters beyond ASCII set LC_ALL=C.UTF-8");
        }
    }
}
