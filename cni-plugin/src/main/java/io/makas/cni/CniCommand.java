// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

/** The operations of the specification, section 2. */
public enum CniCommand {
    /** Attach a container to the network. */
    ADD(CniVersion.V0_3_0),
    /** Undo ADD, as often as asked, whatever is missing. */
    DEL(CniVersion.V0_3_0),
    /** Say whether an attachment is still as ADD left it. */
    CHECK(CniVersion.V0_4_0),
    /** Say whether ADD could be served. */
    STATUS(CniVersion.V1_1_0),
    /** Remove what belongs to no valid attachment. */
    GC(CniVersion.V1_1_0),
    /** List the supported versions. */
    VERSION(CniVersion.V0_3_0);

    private final CniVersion since;

    CniCommand(CniVersion since) {
        this.since = since;
    }

    /** The first supported version of the specification that has the operation. */
    public CniVersion since() {
        return since;
    }

    /** Whether the operation is about one container, and needs its identifier and interface name. */
    public boolean concernsAttachment() {
        return switch (this) {
            case ADD, DEL, CHECK -> true;
            case STATUS, GC, VERSION -> false;
        };
    }

    /** Whether the operation cannot do without the container's namespace. */
    public boolean needsNamespace() {
        return switch (this) {
            case ADD, CHECK -> true;
            case DEL, STATUS, GC, VERSION -> false;
        };
    }
}
