// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine that was measured.
 *
 * @param kernel kernel release
 * @param cpu model of the processor
 * @param cpus numbers of the CPUs that this process may use
 * @param jdk version and vendor of the JDK
 * @param hugepages how many there are
 * @param hugepagesFree how many of them nobody uses
 * @param hugepageKib size of one, in KiB
 * @param bridgeNetfilter value of {@code net.bridge.bridge-nf-call-iptables}; empty where the kernel has no such setting
 */
public record Machine(
        String kernel,
        String cpu,
        List<Integer> cpus,
        String jdk,
        int hugepages,
        int hugepagesFree,
        int hugepageKib,
        OptionalInt bridgeNetfilter) {

    private static final String UNKNOWN = "unknown";

    /** Looks at the machine that this process runs on. */
    public static Machine look() {
        String meminfo = read(Path.of("/proc/meminfo"));
        return new Machine(
                System.getProperty("os.version"),
                text(read(Path.of("/proc/cpuinfo")), "model name\\s*: (.*)"),
                cpuList(text(read(Path.of("/proc/self/status")), "Cpus_allowed_list:\\s*(\\S+)")),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                number(meminfo, "HugePages_Total:\\s*(\\d+)"),
                number(meminfo, "HugePages_Free:\\s*(\\d+)"),
                number(meminfo, "Hugepagesize:\\s*(\\d+) kB"),
                bridgeNetfilterNow());
    }

    /** Turns the kernel's notation for a list of CPUs, e.g. {@code 0-2,5}, into the numbers. */
    static List<Integer> cpuList(String text) {
        List<Integer> cpus = new ArrayList<>();
        for (String range : text.split(",")) {
            String[] ends = range.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                cpus.add(cpu);
            }
        }
        return List.copyOf(cpus);
    }

    /** Hugepages that nobody uses, in MiB. */
    public int hugepagesFreeMib() {
        return (int) ((long) hugepagesFree * hugepageKib / 1_024);
    }

    /** The line about netfilter on bridges, which changes what a bridge costs. */
    public String bridgeNetfilterText() {
        String name = "net.bridge.bridge-nf-call-iptables";
        if (bridgeNetfilter.isEmpty()) {
            return name + " is not there: netfilter does not see bridged packets";
        }
        return bridgeNetfilter.getAsInt() == 0
                ? name + " = 0: netfilter does not see bridged packets"
                : name + " = 1: it costs the bridge about 8 %, and Kubernetes wants it";
    }

    private static OptionalInt bridgeNetfilterNow() {
        Path setting = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
        return Files.exists(setting)
                ? OptionalInt.of(Integer.parseInt(read(setting).strip()))
                : OptionalInt.empty();
    }

    private static int number(String where, String pattern) {
        String digits = text(where, pattern);
        return digits.equals(UNKNOWN) ? 0 : Integer.parseInt(digits);
    }

    private static String text(String where, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(where);
        return matcher.find() ? matcher.group(1).strip() : UNKNOWN;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
