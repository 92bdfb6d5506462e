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
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test makes network namespaces, devices or eBPF programs, which only root may. */
@Tag("system")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresRoot.Condition.class)
public @interface RequiresRoot {

    /** Looks at the capabilities, because root in a container may have lost them. */
    final class Condition extends Requirement<RequiresRoot> {
        /** {@code CAP_NET_ADMIN} and {@code CAP_SYS_ADMIN} of linux/capability.h. */
        private static final long NEEDED = 1L << 12 | 1L << 21;

        Condition() {
            super(RequiresRoot.class);
        }

        @Override
        Optional<String> lack(RequiresRoot annotation) {
            return (effectiveCapabilities() & NEEDED) == NEEDED
                    ? Optional.empty()
                    : Optional.of("needs CAP_NET_ADMIN and CAP_SYS_ADMIN: run it as root (sudo ./makas test), "
                            + "in a container with --privileged");
        }

        private static long effectiveCapabilities() {
            try (var lines = Files.lines(Path.of("/proc/self/status"))) {
                return lines.filter(line -> line.startsWith("CapEff:"))
                        .mapToLong(
                                line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                        .findFirst()
                        .orElse(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
