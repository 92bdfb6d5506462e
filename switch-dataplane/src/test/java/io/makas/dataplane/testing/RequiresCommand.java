// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import java.io.File;
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

/** The test starts other programs: peers, traffic generators, tools. */
@Tag("system")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresCommand.Condition.class)
public @interface RequiresCommand {

    /** Names to be found on the PATH, or whole paths. */
    String[] value();

    /** The Debian package that holds them, for the reason. */
    String debianPackage() default "";

    /** Looks along the PATH and where Debian keeps system commands. */
    final class Condition extends Requirement<RequiresCommand> {

        Condition() {
            super(RequiresCommand.class);
        }

        @Override
        Optional<String> lack(RequiresCommand annotation) {
            return Arrays.stream(annotation.value())
                    .filter(command -> !hasExecutable(folders(), command))
                    .findFirst()
                    .map(command -> "needs the command " + command + orInstall(annotation.debianPackage()));
        }

        private static Stream<Path> folders() {
            String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
            return Stream.concat(
                    Arrays.stream(path.split(File.pathSeparator)).map(Path::of),
                    Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin").map(Path::of));
        }
    }
}
