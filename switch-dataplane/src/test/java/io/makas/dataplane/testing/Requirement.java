// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What all the {@code @Requires…} annotations have in common: a test is skipped where the machine lacks something, and the
 * reason says what is lacking and how to mend it. Under continuous integration a skipped test fails the run, so nothing
 * is skipped unseen.
 *
 * @param <A> the annotation
 */
abstract class Requirement<A extends Annotation> implements ExecutionCondition {

    private final Class<A> annotationType;

    Requirement(Class<A> annotationType) {
        this.annotationType = annotationType;
    }

    /** What is lacking and how to mend it; empty when all is there. */
    abstract Optional<String> lack(A annotation);

    @Override
    public final ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), annotationType)
                .flatMap(this::lack)
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("the machine has it"));
    }

    /** The end of a reason: which Debian package to install, if one is named. */
    static String orInstall(String debianPackage) {
        return debianPackage.isEmpty() ? "" : " (Debian: apt-get install " + debianPackage + ")";
    }

    /** Whether one of the folders holds an executable file of that name. */
    static boolean hasExecutable(Stream<Path> folders, String name) {
        return folders.anyMatch(folder -> Files.isExecutable(folder.resolve(name)));
    }
}
