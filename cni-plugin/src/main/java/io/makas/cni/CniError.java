// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import com.google.gson.JsonObject;

/**
 * A request that failed, as the runtime is told: a code of the specification's table (or 100 and above: our own), a message
 * that says what is wrong and what to do, and details.
 */
public final class CniError extends Exception {

    /** Incompatible CNI version. */
    public static final int INCOMPATIBLE_VERSION = 1;
    /** Unsupported field in the network configuration; the message holds key and value. */
    public static final int UNSUPPORTED_FIELD = 2;
    /** Container unknown; the runtime need not clean up. */
    public static final int UNKNOWN_CONTAINER = 3;
    /** Missing or wrong environment variables; the message holds their names. */
    public static final int INVALID_ENVIRONMENT = 4;
    /** I/O failure. */
    public static final int IO_FAILURE = 5;
    /** Content that is not JSON of the expected form. */
    public static final int DECODING_FAILURE = 6;
    /** Network configuration that can be read and makes no sense. */
    public static final int INVALID_CONFIG = 7;
    /** Try again later. */
    public static final int TRY_AGAIN_LATER = 11;
    /** STATUS: ADD cannot be served. */
    public static final int NOT_AVAILABLE = 50;
    /** STATUS: ADD cannot be served, and containers may have lost connectivity. */
    public static final int LIMITED_CONNECTIVITY = 51;
    /** Ours: the container has an interface of the wanted name, or is attached already. */
    public static final int ALREADY_EXISTS = 100;
    /** Ours: the kernel refused to make the pod's interface. */
    public static final int INTERFACE_FAILED = 101;
    /** Ours: the switch refused the port. */
    public static final int PORT_FAILED = 102;
    /** Ours: CHECK found a difference. */
    public static final int CHECK_FAILED = 103;
    /** Ours: GC could not remove everything. */
    public static final int GC_INCOMPLETE = 104;
    /** Ours, as in the reference library: a mistake in the plugin. */
    public static final int INTERNAL = 999;

    private static final long serialVersionUID = 1;

    private final int code;
    private final String details;

    /** An error without details. */
    public CniError(int code, String message) {
        this(code, message, "");
    }

    /** An error with details, which may be long or empty. */
    public CniError(int code, String message, String details) {
        super(message);
        this.code = code;
        this.details = details;
    }

    /** An error with the exception that led to it, for the log. */
    public CniError(int code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = "";
    }

    /** Reads the error that a plugin printed; missing keys are tolerated. */
    public static CniError parse(JsonObject json) {
        int code = Json.optionalInt(json, "code", INTERNAL);
        String message = Json.optionalText(json, "msg", "no message");
        return new CniError(code, message, Json.optionalText(json, "details", ""));
    }

    /** The number that tells the runtime what kind of error it is. */
    public int code() {
        return code;
    }

    /** A longer description; may be empty. */
    public String details() {
        return details;
    }

    /** The error in the specification's form. */
    public JsonObject toJson(String cniVersion) {
        JsonObject json = new JsonObject();
        json.addProperty("cniVersion", cniVersion);
        json.addProperty("code", code);
        json.addProperty("msg", getMessage());
        if (!details.isEmpty()) {
            json.addProperty("details", details);
        }
        return json;
    }

    @Override
    public String toString() {
        return "CNI error " + code + ": " + getMessage() + (details.isEmpty() ? "" : " (" + details + ")");
    }
}
