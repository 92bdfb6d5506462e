// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

/** A configuration that the switch cannot start with. The message names the key, the value and what was expected. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Makes one of a message for people. */
    public ConfigException(String message) {
        super(message);
    }
}
