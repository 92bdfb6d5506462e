// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.group.GroupMod;
import io.makas.flow.meter.MeterMod;

/** One edit of what packets are treated by: of a flow, a group or a meter. Immutable. */
public sealed interface PipelineMod permits FlowMod, GroupMod, MeterMod {}
