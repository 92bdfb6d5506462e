// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

/**
 * What a plugin does for each operation. Requests arrive checked: names are well-formed, the version has the operation.
 *
 * <p>Called by many threads at once, for the same container too: the implementation serialises what must be.
 */
public interface CniPlugin {

    /**
     * Attaches a container.
     *
     * @return what the runtime is told, in which a previous plugin's result is included
     * @throws CniError when nothing was attached; everything made is undone then
     */
    CniResult add(CniRequest request) throws CniError;

    /** Detaches a container. Missing things are no error. */
    void del(CniRequest request) throws CniError;

    /** Returns if the attachment is as {@code prevResult} says, and throws the differences if it is not. */
    void check(CniRequest request) throws CniError;

    /** Returns if ADD can be served. */
    void status(CniRequest request) throws CniError;

    /** Removes what belongs to none of the network's valid attachments. */
    void gc(CniRequest request) throws CniError;
}
