// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import com.google.protobuf.ByteString;
import io.makas.v1.Action;
import io.makas.v1.FieldMatch;
import io.makas.v1.Flow;
import io.makas.v1.FlowEdit;
import io.makas.v1.FlowEdit.Command;
import io.makas.v1.Instructions;
import io.makas.v1.OutputAction;

/** Makes the messages of flow tests shorter. */
final class FlowMessages {

    private FlowMessages() {}

    static FlowEdit add(Flow.Builder flow) {
        return edit(Command.COMMAND_ADD, flow);
    }

    static FlowEdit edit(Command command, Flow.Builder flow) {
        return FlowEdit.newBuilder().setCommand(command).setFlow(flow).build();
    }

    static Flow.Builder flow() {
        return Flow.newBuilder();
    }

    static FieldMatch field(String name, int... value) {
        return FieldMatch.newBuilder().setField(name).setValue(bytes(value)).build();
    }

    static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }

    static Instructions apply(Action action) {
        return Instructions.newBuilder().addApplyActions(action).build();
    }

    static Action output(int port) {
        return Action.newBuilder()
                .setOutput(OutputAction.newBuilder().setPort(port))
                .build();
    }
}
