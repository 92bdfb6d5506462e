// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.bench.guest.GuestDevice;
import io.makas.bench.traffic.RuleText;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makas in a JVM of its own, so that neither its compiler nor its profiles are mixed with those of the generator. */
public final class MakasPeer implements Peer {

    /** Figures that are states, not counts. */
    private static final Set<String> STATES = Set.of("megaflows", "masks");

    private final ChildProcess child;
    private final BufferedWriter input;
    private final BufferedReader output;
    private final GuestDevice first;
    private final GuestDevice second;
    /** Guests at the other ports, who say nothing. */
    private final List<GuestDevice> silent = new ArrayList<>();

    private final PauseLog pauses;
    private JsonObject before = new JsonObject();

    private MakasPeer(ChildProcess child, PauseLog pauses, GuestDevice first, GuestDevice second) {
        this.child = child;
        this.pauses = pauses;
        this.input = child.process().outputWriter();
        this.output = child.process().inputReader();
        this.first = first;
        this.second = second;
    }

    /**
     * Starts it with two ports and rules.
     *
     * @param idlePolicy what its worker does without traffic: a name of {@link io.makas.dataplane.worker.IdlePolicy}
     * @param vhost who works the rings: {@code library}, {@code own}, or {@code default}
     * @param javaOptions further options of its JVM
     */
    public static MakasPeer start(
            Path folder, PeerOptions options, RuleText rules, String idlePolicy, String vhost, List<String> javaOptions)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        PauseLog pauses = new PauseLog(folder.resolve("makas-pauses.log"));
        command.add(pauses.option());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SwitchMain.class.getName()));
        command.addAll(List.of(Integer.toString(options.switchCore()), idlePolicy));
        ChildProcess child = ChildProcess.startTalking(folder.resolve("makas.log"), new ProcessBuilder(command));
        MakasPeer peer = new MakasPeer(child, pauses, options.device(), options.device());
        try {
            Path file = Files.writeString(folder.resolve("makas.rules"), rules.text());
            peer.command("port 1 " + vhost + " " + folder.resolve("makas-1"));
            peer.command("port 2 " + vhost + " " + folder.resolve("makas-2"));
            for (int port = 3; port <= 2 + options.silentPorts(); port++) {
                peer.addSilentPort(folder, port, vhost, options);
            }
            peer.command("rules " + file);
            peer.first.connect(folder.resolve("makas-1"));
            peer.second.connect(folder.resolve("makas-2"));
            return peer;
        } catch (IOException | RuntimeException e) {
            peer.close();
            throw e;
        }
    }

    private void addSilentPort(Path folder, int port, String vhost, PeerOptions options) throws IOException {
        Path socket = folder.resolve("makas-" + port);
        command("port " + port + " " + vhost + " " + socket);
        GuestDevice device = options.device();
        silent.add(device);
        device.connect(socket);
    }

    /**
     * Sees that a word names an implementation of vhost-user ports.
     *
     * @throws IllegalArgumentException if not
     */
    public static void checkVhost(String word) {
        SwitchMain.implementation(word);
    }

    @Override
    public String name() {
        return "makas";
    }

    @Override
    public String version() {
        String version = MakasPeer.class.getPackage().getImplementationVersion();
        return version == null ? "unpacked" : version;
    }

    @Override
    public GuestDevice first() {
        return first;
    }

    @Override
    public GuestDevice second() {
        return second;
    }

    @Override
    public void resume() {
        child.resume();
    }

    @Override
    public void pause() {
        child.pause();
    }

    @Override
    public void forget() throws IOException {
        command("forget");
    }

    @Override
    public void beginCounting() throws IOException {
        before = statistics();
        pauses.skip();
    }

    @Override
    public JsonObject counted() throws IOException {
        JsonObject found = pauses.pauses();
        JsonObject after = statistics();
        for (String name : List.copyOf(after.keySet())) {
            if (!STATES.contains(name)) {
                after.addProperty(
                        name, after.get(name).getAsLong() - before.get(name).getAsLong());
            }
        }
        after.add("pauses", found);
        return after;
    }

    @Override
    public long compiledMs() throws IOException {
        return Long.parseLong(command("compiled"));
    }

    /** What its JVM wrote of collections and safepoints so far. */
    public String pauseLog() {
        return pauses.text();
    }

    @Override
    public long processorNs() {
        return child.processorNs();
    }

    private JsonObject statistics() throws IOException {
        return JsonParser.parseString(command("statistics")).getAsJsonObject();
    }

    private String command(String line) throws IOException {
        child.checkAlive();
        input.write(line);
        input.newLine();
        input.flush();
        String answer = output.readLine();
        // Libraries of the switch may print, too.
        while (answer != null && !answer.startsWith("ok ") && !answer.startsWith("error ")) {
            answer = output.readLine();
        }
        if (answer == null) {
            throw child.failure("ended at '" + line + "'");
        }
        if (answer.startsWith("error ")) {
            throw child.failure("could not do '" + line + "': " + answer.substring("error ".length()));
        }
        return answer.substring("ok ".length());
    }

    @Override
    public void close() {
        child.resumeIfAlive();
        try {
            input.close();
        } catch (IOException _) {
            // It has ended already.
        }
        child.close();
        first.close();
        second.close();
        silent.forEach(GuestDevice::close);
    }
}
