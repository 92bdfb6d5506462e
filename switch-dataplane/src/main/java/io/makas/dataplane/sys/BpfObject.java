// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * An eBPF object file loaded into the kernel: its programs and maps.
 *
 * <p>Programs and maps live as long as something holds them: this object, a link, a pin in bpffs.
 *
 * <p>Thread: any, one at a time. Owner: the one who loaded it; maps got from it end with it.
 */
public final class BpfObject implements AutoCloseable {

    /** {@code struct bpf_object_open_opts} of libbpf 1.1; later versions only append to it. */
    private static final int OPTIONS_BYTES = 80;

    private static final int OPTION_NAME = 8;
    private static final int OPTION_LOG = 56;
    private static final int OPTION_LOG_SIZE = 64;
    private static final int LOG_BYTES = 1 << 16;
    private static final int LOG_SHOWN_CHARACTERS = 2_000;

    private final String name;
    private MemorySegment object;

    private BpfObject(String name, MemorySegment object) {
        this.name = name;
        this.object = object;
    }

    /**
     * Loads programs of an object file that is a resource of this module.
     *
     * @param resource file name within {@code io/makas/dataplane/bpf}
     * @param programs names of the programs to load; the others stay out of the kernel
     * @throws SysException with the verifier's last words when the kernel refuses a program
     */
    public static BpfObject loadResource(String resource, Set<String> programs) {
        String path = "/io/makas/dataplane/bpf/" + resource;
        try (InputStream in = BpfObject.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new SysException(
                        "eBPF object " + path + " is not on the class path; the build compiles it with clang");
            }
            return load(resource, in.readAllBytes(), programs);
        } catch (IOException e) {
            throw new SysException("eBPF object " + path + " cannot be read: " + e);
        }
    }

    /**
     * Loads programs of an object file.
     *
     * @param name name of the object, for messages
     * @param elf the object file
     * @param programs names of the programs to load
     */
    public static BpfObject load(String name, byte[] elf, Set<String> programs) {
        LibBpf.open();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(LOG_BYTES);
            BpfObject object = open(arena, name, elf, log);
            try {
                object.choose(programs);
                int answer = object.load();
                if (answer < 0) {
                    throw new SysException("load of eBPF object " + name, -answer, advice(answer, log));
                }
                return object;
            } catch (RuntimeException e) {
                object.close();
                throw e;
            }
        }
    }

    /** File descriptor of a program that was loaded, valid until {@link #close}. */
    public int programFd(String program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = find(Calls.FIND_PROGRAM, arena, program);
            int fd = found.address() == 0 ? -Errno.ENOENT : number(Calls.PROGRAM_FD, found);
            if (fd < 0) {
                throw new SysException("eBPF program " + program + " of " + name + " is not loaded");
            }
            return fd;
        }
    }

    /** A map of the object, valid until {@link #close}. */
    public BpfMap map(String map) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = find(Calls.FIND_MAP, arena, map);
            if (found.address() == 0) {
                throw new SysException("eBPF object " + name + " has no map " + map);
            }
            return new BpfMap(
                    map,
                    number(Calls.MAP_FD, found),
                    number(Calls.MAP_KEY_SIZE, found),
                    number(Calls.MAP_VALUE_SIZE, found));
        }
    }

    @Override
    public synchronized void close() {
        if (object.address() == 0) {
            return;
        }
        try {
            Calls.CLOSE.invokeExact(object);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        object = MemorySegment.NULL;
    }

    private static BpfObject open(Arena arena, String name, byte[] elf, MemorySegment log) {
        MemorySegment options = arena.allocate(OPTIONS_BYTES, Long.BYTES);
        options.set(JAVA_LONG, 0, OPTIONS_BYTES);
        options.set(ADDRESS, OPTION_NAME, Native.string(arena, name));
        options.set(ADDRESS, OPTION_LOG, log);
        options.set(JAVA_LONG, OPTION_LOG_SIZE, log.byteSize());
        MemorySegment bytes = arena.allocate(elf.length, Long.BYTES);
        MemorySegment.copy(elf, 0, bytes, ValueLayout.JAVA_BYTE, 0, elf.length);
        MemorySegment errno = Errno.segment();
        MemorySegment object;
        try {
            object = (MemorySegment) Calls.OPEN_MEM.invokeExact(errno, bytes, bytes.byteSize(), options);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (object.address() == 0) {
            throw new SysException(
                    "reading eBPF object " + name, -Errno.result(-1, errno), "it is no eBPF object file");
        }
        return new BpfObject(name, object);
    }

    private void choose(Set<String> programs) {
        Set<String> missing = new HashSet<>(programs);
        try {
            MemorySegment program = (MemorySegment) Calls.NEXT_PROGRAM.invokeExact(object, MemorySegment.NULL);
            while (program.address() != 0) {
                MemorySegment pointer = (MemorySegment) Calls.PROGRAM_NAME.invokeExact(program);
                boolean wanted = missing.remove(Memory.string(pointer.address()));
                int answer = (int) Calls.SET_AUTOLOAD.invokeExact(program, wanted);
                assert answer == 0 : "bpf_program__set_autoload answered " + answer;
                program = (MemorySegment) Calls.NEXT_PROGRAM.invokeExact(object, program);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (!missing.isEmpty()) {
            throw new SysException("eBPF object " + name + " has no program " + missing);
        }
    }

    private int load() {
        return number(Calls.LOAD, object);
    }

    private MemorySegment find(MethodHandle by, Arena arena, String wanted) {
        try {
            return (MemorySegment) by.invokeExact(object, Native.string(arena, wanted));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int number(MethodHandle of, MemorySegment pointer) {
        try {
            return (int) of.invokeExact(pointer);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static String advice(int answer, MemorySegment log) {
        String text = log.getString(0, StandardCharsets.UTF_8).strip();
        if (answer == -Errno.EPERM) {
            return "it needs CAP_BPF and CAP_NET_ADMIN: run as root";
        }
        String end = text.substring(Math.max(0, text.length() - LOG_SHOWN_CHARACTERS));
        return text.isEmpty() ? "the verifier left no log" : "the verifier says:\n" + end;
    }

    /** Handles, in a class of their own so that a missing library is reported before they are linked. */
    private static final class Calls {
        static final MethodHandle OPEN_MEM = LibBpf.link(
                "bpf_object__open_mem", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS), Errno.CAPTURE);
        static final MethodHandle LOAD = LibBpf.link("bpf_object__load", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle CLOSE = LibBpf.link("bpf_object__close", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle NEXT_PROGRAM =
                LibBpf.link("bpf_object__next_program", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle PROGRAM_NAME =
                LibBpf.link("bpf_program__name", FunctionDescriptor.of(ADDRESS, ADDRESS));
        static final MethodHandle SET_AUTOLOAD =
                LibBpf.link("bpf_program__set_autoload", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_BOOLEAN));
        static final MethodHandle FIND_PROGRAM =
                LibBpf.link("bpf_object__find_program_by_name", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle PROGRAM_FD = LibBpf.link("bpf_program__fd", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle FIND_MAP =
                LibBpf.link("bpf_object__find_map_by_name", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle MAP_FD = LibBpf.link("bpf_map__fd", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle MAP_KEY_SIZE =
                LibBpf.link("bpf_map__key_size", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle MAP_VALUE_SIZE =
                LibBpf.link("bpf_map__value_size", FunctionDescriptor.of(JAVA_INT, ADDRESS));

        private Calls() {}
    }
}
