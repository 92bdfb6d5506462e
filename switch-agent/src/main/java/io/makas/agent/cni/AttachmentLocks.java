// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Serialises requests about one container, lets those about different ones run at once, and lets GC run alone. A runtime must
 * keep to that order itself; one that gave up on a request and sends the next does not.
 *
 * <p>A fixed number of locks is shared by all containers: two of them rarely wait for each other without need.
 *
 * <p>Thread: any.
 */
final class AttachmentLocks {

    private static final int STRIPES = 256;

    private final Lock[] stripes = new Lock[STRIPES];
    private final ReentrantReadWriteLock all = new ReentrantReadWriteLock(true);

    AttachmentLocks() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock(true);
        }
    }

    /** What is held until it is closed. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits until no other request is about this container. */
    Held hold(String containerId) {
        Lock stripe = stripes[Math.floorMod(containerId.hashCode(), STRIPES)];
        all.readLock().lock();
        stripe.lock();
        return () -> {
            stripe.unlock();
            all.readLock().unlock();
        };
    }

    /** Waits until there is no other request. */
    Held holdAll() {
        all.writeLock().lock();
        return all.writeLock()::unlock;
    }
}
