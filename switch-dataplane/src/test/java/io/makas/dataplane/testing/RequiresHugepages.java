// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import java.io.IOException;
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

/** The test keeps packets in memory that it shares with a peer, in hugepages of 2 MiB. */
@Tag("system")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresHugepages.Condition.class)
public @interface RequiresHugepages {

    /** How much must be free. */
    int freeMib() default 128;

    /** Asks the kernel how many are free. */
    final class Condition extends Requirement<RequiresHugepages> {
        private static final Path FREE = Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages");
        private static final int PAGE_MIB = 2;

        Condition() {
            super(RequiresHugepages.class);
        }

        @Override
        Optional<String> lack(RequiresHugepages annotation) {
            long free = freePages();
            int needed = annotation.freeMib() / PAGE_MIB;
            return free >= needed
                    ? Optional.empty()
                    : Optional.of("needs " + needed + " free hugepages of 2 MiB, there are " + free
                            + ": ./makas test reserves them when it runs as root, or: sysctl vm.nr_hugepages=1024");
        }

        private static long freePages() {
            try {
                return Long.parseLong(Files.readString(FREE).strip());
            } catch (IOException _) {
                return 0; // A kernel without hugepages has none free.
            }
        }
    }
}
