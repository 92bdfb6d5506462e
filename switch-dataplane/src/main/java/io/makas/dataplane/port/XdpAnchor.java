// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.BpfLink;
import io.makas.dataplane.sys.BpfLink.XdpMode;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.SysException;

/**
 * Keeps the XDP program of veths ({@link XdpProgram}) attached to a veth of its own, in a namespace that nobody sees, so that the
 * first pod's port opens and the last pod's port closes as fast as all the others.
 *
 * <p>Thread: any. Owner: who wires pods.
 */
public final class XdpAnchor implements AutoCloseable {

    private final XdpProgram program;
    private final NetNamespace namespace;
    private final BpfLink link;

    private XdpAnchor(XdpProgram program, NetNamespace namespace, BpfLink link) {
        this.program = program;
        this.namespace = namespace;
        this.link = link;
    }

    /**
     * Drops the anchor.
     *
     * @throws SysException without root, or where veths or XDP are missing
     */
    public static XdpAnchor open() {
        NetNamespace namespace = NetNamespace.anonymous();
        XdpProgram program = null;
        try {
            program = XdpProgram.ofNoInterface();
            int fd = program.fileDescriptor();
            return new XdpAnchor(program, namespace, namespace.supply(() -> attach(fd, namespace)));
        } catch (RuntimeException e) {
            if (program != null) {
                program.close();
            }
            namespace.close();
            throw e;
        }
    }

    @Override
    public void close() {
        link.close();
        program.close();
        namespace.close();
    }

    private static BpfLink attach(int programFd, NetNamespace namespace) {
        try (Netlink netlink = Netlink.open()) {
            Link veth = netlink.createVeth("anchor", "chain", namespace, 1500, null);
            BpfLink.Attempt attempt = BpfLink.attachXdp(programFd, veth.index(), XdpMode.NATIVE);
            if (attempt.link() == null) {
                throw new SysException("attaching XDP to a veth", attempt.errno(), "");
            }
            return attempt.link();
        }
    }
}
