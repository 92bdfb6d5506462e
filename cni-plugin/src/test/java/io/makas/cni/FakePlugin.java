// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A plugin that notes what it is asked, and can be told how to answer. */
class FakePlugin implements CniPlugin {

    final List<CniRequest> requests = new CopyOnWriteArrayList<>();
    volatile CniResult result = CniResult.EMPTY;
    volatile CniError error;
    volatile RuntimeException mistake;

    @Override
    public CniResult add(CniRequest request) throws CniError {
        note(request);
        return result;
    }

    @Override
    public void del(CniRequest request) throws CniError {
        note(request);
    }

    @Override
    public void check(CniRequest request) throws CniError {
        note(request);
    }

    @Override
    public void status(CniRequest request) throws CniError {
        note(request);
    }

    @Override
    public void gc(CniRequest request) throws CniError {
        note(request);
    }

    private void note(CniRequest request) throws CniError {
        requests.add(request);
        request.diagnostics().add("noted " + request.command());
        if (mistake != null) {
            throw mistake;
        }
        if (error != null) {
            throw error;
        }
    }
}
