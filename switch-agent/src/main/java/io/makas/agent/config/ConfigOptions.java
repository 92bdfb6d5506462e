// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import io.makas.agent.config.SwitchConfig.Cni;
import io.makas.agent.config.SwitchConfig.CniMode;
import io.makas.agent.config.SwitchConfig.Dpdk;
import io.makas.agent.config.SwitchConfig.Grpc;
import io.makas.agent.config.SwitchConfig.PortSpec;
import io.makas.agent.config.SwitchConfig.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of the command line that win over the configuration file. Filled by picocli; main's thread. */
public final class ConfigOptions {

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Unix socket of the control API (default: /run/makas/makas.sock).")
    private String socket;

    @Option(
            names = "--cni-socket",
            paramLabel = "PATH|off|auto",
            description =
                    "Unix socket that the CNI plugin asks (default: auto: /run/makas/cni.sock if --socket is at its "
                            + "default, else off).")
    private String cniSocket;

    @Option(
            names = "--worker-cores",
            paramLabel = "CORE[,CORE...]",
            split = ",",
            hideParamSyntax = true,
            description = "Processors, a worker pinned to each (default: one worker that the scheduler places).")
    private List<Integer> workerCores;

    @Option(
            names = "--idle",
            paramLabel = "latency|balanced|power",
            converter = IdleConverter.class,
            description = "What workers do without traffic: use a whole core, wait, or wait and let packets gather "
                    + "(default: balanced).")
    private SwitchConfig.Idle idle;

    @Option(
            names = "--dpdk",
            paramLabel = "off|auto|required",
            converter = DpdkConverter.class,
            description = "Whether DPDK is started, for ports of the types vhost-user and dpdk (default: auto).")
    private SwitchConfig.DpdkMode dpdk;

    @Option(
            names = "--port",
            paramLabel = "N=TYPE[:WHERE]",
            description = {
                "Port to start with, named portN. Give it several times; ports of the file come first.",
                "  1=afxdp:INTERFACE",
                "  2=vhost-user:SOCKET[,server]",
                "  3=dpdk:DEVARGS",
                "  4=memory"
            })
    private List<String> ports = List.of();

    @Option(
            names = "--flow-file",
            paramLabel = "FILE",
            description = "Flows to start with, in the syntax of ovs-ofctl.")
    private Path flowFile;

    @Option(
            names = "--log-level",
            paramLabel = "error|warn|info|debug",
            converter = LevelConverter.class,
            description = "Least important lines to log (default: info).")
    private SwitchConfig.Log.Level logLevel;

    @Option(
            names = "--log-format",
            paramLabel = "key-value|json",
            converter = FormatConverter.class,
            description = "How log lines look (default: key-value).")
    private SwitchConfig.Log.Format logFormat;

    /** The configuration with what was given instead of what it has. */
    public SwitchConfig applyTo(SwitchConfig file) {
        return new SwitchConfig(
                new Grpc(
                        socket == null ? file.grpc().socket() : ConfigFile.checkedSocket(socket),
                        file.grpc().mode(),
                        file.grpc().group()),
                cniSocket == null ? file.cni() : cni(cniSocket),
                workers(file.workers()),
                new Dpdk(
                        dpdk == null ? file.dpdk().mode() : dpdk,
                        file.dpdk().hasHugepages(),
                        file.dpdk().memoryMb(),
                        file.dpdk().mbufs(),
                        file.dpdk().ealOptions()),
                flowFile == null ? file.flowFile() : Optional.of(flowFile),
                allPorts(file.ports()),
                file.limits(),
                new SwitchConfig.Log(
                        logLevel == null ? file.log().level() : logLevel,
                        logFormat == null ? file.log().format() : logFormat));
    }

    private List<PortSpec> allPorts(List<PortSpec> ofFile) {
        List<PortSpec> all = new ArrayList<>(ofFile);
        for (String text : ports) {
            PortSpec port = PortReader.parse(text);
            for (PortSpec other : all) {
                if (other.number() == port.number()
                        || other.config().name().equals(port.config().name())) {
                    throw new ConfigException("port '" + text + "': number " + port.number() + " or name '"
                            + port.config().name() + "' is taken by another port; choose another number");
                }
            }
            all.add(port);
        }
        return all;
    }

    private static Cni cni(String text) {
        return switch (text) {
            case "auto" -> new Cni(CniMode.AUTO, Optional.empty());
            case "off" -> new Cni(CniMode.OFF, Optional.empty());
            default -> new Cni(CniMode.SOCKET, Optional.of(ConfigFile.checkedSocket(text)));
        };
    }

    private Workers workers(Workers file) {
        var workers = new Workers(
                workerCores == null ? file.cores() : workerCores,
                file.count(),
                idle == null ? file.idle() : idle,
                file.spinUs(),
                file.longestSleepUs(),
                file.assignment(),
                file.isIsolating(),
                file.rebalance());
        try {
            workers.forDatapath();
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--worker-cores: " + e.getMessage());
        }
        return workers;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        for (E constant : type.getEnumConstants()) {
            if (Section.label(constant).equals(text.toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new TypeConversionException("expected " + Section.labels(type) + ", but found '" + text + "'");
    }

    /** Reads {@code --idle}. */
    static final class IdleConverter implements ITypeConverter<SwitchConfig.Idle> {
        @Override
        public SwitchConfig.Idle convert(String text) {
            return constant(SwitchConfig.Idle.class, text);
        }
    }

    /** Reads {@code --dpdk}. */
    static final class DpdkConverter implements ITypeConverter<SwitchConfig.DpdkMode> {
        @Override
        public SwitchConfig.DpdkMode convert(String text) {
            return constant(SwitchConfig.DpdkMode.class, text);
        }
    }

    /** Reads {@code --log-level}. */
    static final class LevelConverter implements ITypeConverter<SwitchConfig.Log.Level> {
        @Override
        public SwitchConfig.Log.Level convert(String text) {
            return constant(SwitchConfig.Log.Level.class, text);
        }
    }

    /** Reads {@code --log-format}. */
    static final class FormatConverter implements ITypeConverter<SwitchConfig.Log.Format> {
        @Override
        public SwitchConfig.Log.Format convert(String text) {
            return constant(SwitchConfig.Log.Format.class, text);
        }
    }
}
