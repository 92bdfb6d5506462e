// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Real output of the tools, kept beside the tests. */
final class Golden {

    private Golden() {}

    static String read(String file) {
        try (var in = Golden.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
