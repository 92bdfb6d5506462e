// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import io.makas.agent.log.Log;
import io.makas.dataplane.Datapath;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Flows that a switch starts with. Main's thread, once. */
final class FlowFile {

    private static final Log LOG = Log.of("flows");

    private FlowFile() {}

    /** Adds the flows of a file, all or none. */
    static void load(Path file, Datapath datapath) throws StartException {
        try {
            List<FlowMod> flows = FlowText.parseFile(Files.readString(file));
            datapath.edit(flows);
            LOG.info("flows loaded", "file", file, "flows", flows.size());
        } catch (FlowTextException e) {
            throw new StartException(
                    "flow file " + file + ":" + e.line() + ":" + e.column() + ": " + e.getMessage(), e);
        } catch (FlowModException e) {
            throw new StartException("flow file " + file + ", flow " + (e.index() + 1) + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new StartException("there is no flow file '" + file + "'; check flow-file or --flow-file", e);
        } catch (IOException e) {
            throw new StartException("cannot read the flow file '" + file + "': " + e.getMessage(), e);
        }
    }
}
