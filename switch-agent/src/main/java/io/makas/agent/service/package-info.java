// SPDX-License-Identifier: Apache-2.0

/**
 * The control API of {@code makas.v1}: an endpoint class for each service of the protos, and mappers between messages and the
 * records of flow-tables and switch-dataplane, one for each direction.
 *
 * <p>Endpoints are thin: they map, call the data path, map back, and turn refusals into gRPC status codes. What a request may
 * say is checked where it is mapped, so that nothing below here sees a message. Not here: what an edit means
 * ({@code flow-tables}). Calls run on virtual threads and may block. Read {@link io.makas.agent.service.GrpcServer} first.
 */
package io.makas.agent.service;
