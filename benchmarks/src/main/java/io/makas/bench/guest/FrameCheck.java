// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

/** Says whether a frame that a switch delivered is as it should be. Asked for a sample of frames, so it may allocate. */
@FunctionalInterface
public interface FrameCheck {

    /**
     * Looks at a frame.
     *
     * @param frame its bytes
     * @return what is wrong with it, or null
     */
    String problem(byte[] frame);
}
