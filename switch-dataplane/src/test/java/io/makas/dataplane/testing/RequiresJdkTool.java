// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test starts a tool of the JDK that it runs in, such as {@code jcmd} or {@code jlink}. */
@Tag("system")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresJdkTool.Condition.class)
public @interface RequiresJdkTool {

    /** Names of commands in the JDK's bin folder. */
    String[] value();

    /** Looks into the bin folder. */
    final class Condition extends Requirement<RequiresJdkTool> {

        Condition() {
            super(RequiresJdkTool.class);
        }

        @Override
        Optional<String> lack(RequiresJdkTool annotation) {
            Path bin = Path.of(System.getProperty("java.home"), "bin");
            return Arrays.stream(annotation.value())
                    .filter(tool -> !hasExecutable(Stream.of(bin), tool))
                    .findFirst()
                    .map(tool -> "needs " + tool + " in " + bin + ": use a full JDK, not a runtime image");
        }
    }
}
