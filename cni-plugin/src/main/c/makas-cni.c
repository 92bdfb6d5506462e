/* SPDX-License-Identifier: Apache-2.0 */
/*
 * makas-cni: what a container runtime executes as the CNI plugin.
 *
 * It hands its environment and standard input to the agent's Unix socket and prints the answer; everything else is
 * done by the agent (class io.makas.cni.CniWire describes the messages). A virtual machine would need 50 ms to start
 * for each pod, this needs 1 ms.
 *
 * It answers by itself only VERSION, and errors: each is CNI's JSON on standard output with exit code 1. An agent that
 * is not there, or does not answer in time, is error 11 ("try again later"); for STATUS it is 51 or 50.
 *
 * Two keys of the network configuration are meant for it:
 *   agentSocket           path of the agent's socket          default /run/makas/cni.sock
 *   agentTimeoutSeconds   limit for the whole call, 1 to 600  default 60
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DEFAULT_SOCKET "/run/makas/cni.sock"
#define DEFAULT_TIMEOUT_SECONDS 60
#define MAX_TIMEOUT_SECONDS 600
#define NEWEST "1.1.0"
#define SUPPORTED "[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]"

/* Limits that CniWire.java has too: change both. */
#define MAX_CONFIG_BYTES (1u << 20)
#define MAX_ENVIRONMENT_BYTES (1u << 20)
#define MAX_ANSWER_BYTES (4u << 20)
static const char REQUEST_MAGIC[4] = {'M', 'K', 'C', '1'};

/* Error codes of the CNI specification. */
enum { BAD_ENVIRONMENT = 4, IO_FAILURE = 5, BAD_CONFIG = 7, TRY_LATER = 11, NOT_AVAILABLE = 50, LIMITED = 51 };

extern char **environ;
static char config[MAX_CONFIG_BYTES + 1];
static uint32_t config_bytes;
static char version[32] = NEWEST;
static char socket_path[sizeof(((struct sockaddr_un *)0)->sun_path)] = DEFAULT_SOCKET;
static char late[512]; /* what is printed when the time is up */

static void write_all(int fd, const char *from, size_t bytes)
{
	while (bytes > 0) {
		ssize_t n = write(fd, from, bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		from += n;
		bytes -= (size_t)n;
	}
}

/* Formats an error; the arguments hold no character that JSON would have escaped. */
__attribute__((format(printf, 4, 5))) static void error_json(char *into, size_t size, int code, const char *format, ...)
{
	char message[384];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	snprintf(into, size, "{\"cniVersion\":\"%s\",\"code\":%d,\"msg\":\"%s\"}\n", version, code, message);
}

#define fail(...)                                                                                                      \
	do {                                                                                                           \
		char json[512];                                                                                        \
		error_json(json, sizeof json, __VA_ARGS__);                                                            \
		write_all(STDOUT_FILENO, json, strlen(json));                                                          \
		_exit(1);                                                                                              \
	} while (0)

static void time_is_up(int signal_number)
{
	(void)signal_number;
	write_all(STDOUT_FILENO, late, strlen(late));
	_exit(1);
}

/* End of the JSON string whose opening quote is at i: index of its closing quote, or n. */
static uint32_t string_end(const char *json, uint32_t n, uint32_t i)
{
	for (i++; i < n && json[i] != '"'; i++)
		if (json[i] == '\\')
			i++;
	return i < n ? i : n;
}

static uint32_t skip_space(const char *json, uint32_t n, uint32_t i)
{
	while (i < n && strchr(" \t\r\n", json[i]))
		i++;
	return i;
}

/*
 * Copies the value of a key of the outermost object: a string's content or a number's digits. Returns 0 if there is no
 * such key, 1 if it was copied, −1 if the value is something else, does not fit, or has an escape or a character that
 * is not printable. Whether the whole is JSON is for the agent to say.
 */
static int top_level(const char *key, char *into, size_t size)
{
	const char *json = config;
	uint32_t n = config_bytes, depth = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (json[i] == '{' || json[i] == '[')
			depth++;
		else if (json[i] == '}' || json[i] == ']')
			depth--;
		if (json[i] != '"')
			continue;
		uint32_t start = i + 1, end = string_end(json, n, i), value = skip_space(json, n, end + 1);
		i = end;
		if (depth != 1 || value >= n || json[value] != ':' || end - start != strlen(key)
		    || memcmp(json + start, key, end - start) != 0)
			continue;
		start = skip_space(json, n, value + 1);
		end = start;
		if (start < n && json[start] == '"') {
			end = string_end(json, n, start++);
		} else {
			while (end < n && json[end] >= '0' && json[end] <= '9')
				end++;
			value = skip_space(json, n, end);
			if (value >= n || (json[value] != ',' && json[value] != '}'))
				return -1;
		}
		if (end <= start || end - start >= size)
			return -1;
		for (uint32_t k = start; k < end; k++)
			if (json[k] < 0x20 || json[k] > 0x7e || json[k] == '\\' || json[k] == '"')
				return -1;
		memcpy(into, json + start, end - start);
		into[end - start] = 0;
		return 1;
	}
	return 0;
}

static void read_config(void)
{
	if (isatty(STDIN_FILENO))
		return;
	for (;;) {
		ssize_t n = read(STDIN_FILENO, config + config_bytes, sizeof config - config_bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail(IO_FAILURE, "the network configuration cannot be read from standard input: %s", strerror(errno));
		if (n == 0)
			return;
		config_bytes += (uint32_t)n;
		if (config_bytes > MAX_CONFIG_BYTES)
			fail(BAD_CONFIG, "the network configuration on standard input is larger than %u bytes", MAX_CONFIG_BYTES);
	}
}

static void put_length(char *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (char)(value >> (24 - 8 * i));
}

/* Sends one part of the request; an agent that went away is noticed when its answer is missing. */
static void send_part(int fd, const char *bytes, size_t size)
{
	char length[4];
	put_length(length, (uint32_t)size);
	write_all(fd, length, sizeof length);
	write_all(fd, bytes, size);
}

static void send_request(int fd)
{
	size_t count = 0, total = 0;
	for (; environ[count]; count++)
		total += strlen(environ[count]) + 4;
	if (total > MAX_ENVIRONMENT_BYTES)
		fail(BAD_ENVIRONMENT, "the environment is larger than %u bytes", MAX_ENVIRONMENT_BYTES);

	/* One write for magic, count and variables. */
	char *message = malloc(8 + total), *at = message + 8;
	if (!message)
		fail(IO_FAILURE, "no memory for %zu bytes of environment", total);
	memcpy(message, REQUEST_MAGIC, 4);
	put_length(message + 4, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(environ[i]);
		put_length(at, (uint32_t)size);
		memcpy(at + 4, environ[i], size);
		at += 4 + size;
	}
	write_all(fd, message, 8 + total);
	send_part(fd, config, config_bytes);
	free(message);
}

static int read_all(int fd, char *into, size_t bytes)
{
	while (bytes > 0) {
		ssize_t n = read(fd, into, bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		into += n;
		bytes -= (size_t)n;
	}
	return 1;
}

static uint32_t get_length(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Exit code, length of standard output, length of standard error, then the two. Does not return. */
static void print_answer(int fd, int code_when_broken)
{
	char head[12];
	char *body = NULL;
	uint32_t out = 0, err = 0;
	int whole = read_all(fd, head, sizeof head);
	if (whole) {
		out = get_length(head + 4);
		err = get_length(head + 8);
		whole = out <= MAX_ANSWER_BYTES && err <= MAX_ANSWER_BYTES;
	}
	if (whole) {
		body = malloc((size_t)out + err + 1);
		whole = body && read_all(fd, body, (size_t)out + err);
	}
	if (!whole)
		fail(code_when_broken, "the Makas agent at %s closed the connection without an answer; it may be restarting", socket_path);
	alarm(0);
	write_all(STDERR_FILENO, body + out, err);
	write_all(STDOUT_FILENO, body, out);
	_exit((int)(get_length(head) & 0xff));
}

/* For health probes, which can give neither environment nor input: "--status FILE" is STATUS with that configuration. */
static void take_status_option(int argc, char **argv)
{
	if (argc != 3 || strcmp(argv[1], "--status") != 0)
		return;
	int file = open(argv[2], O_RDONLY);
	if (file < 0 || dup2(file, STDIN_FILENO) < 0 || setenv("CNI_COMMAND", "STATUS", 1) != 0)
		fail(IO_FAILURE, "the file given with --status cannot be read: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	take_status_option(argc, argv);
	const char *command = getenv("CNI_COMMAND");
	if (!command || !*command)
		fail(BAD_ENVIRONMENT, "CNI_COMMAND is missing: makas-cni is a CNI plugin, executed by a container runtime");
	int status = strcmp(command, "STATUS") == 0;

	/* The clock starts with the defaults, so that a standard input that never ends is covered too. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGALRM, time_is_up);
	error_json(late, sizeof late, IO_FAILURE, "standard input did not end within %d s", DEFAULT_TIMEOUT_SECONDS);
	alarm(DEFAULT_TIMEOUT_SECONDS);
	read_config();

	char text[sizeof version];
	if (top_level("cniVersion", text, sizeof text) == 1)
		memcpy(version, text, sizeof version);
	if (strcmp(command, "VERSION") == 0) {
		printf("{\"cniVersion\":\"%s\",\"supportedVersions\":" SUPPORTED "}\n", version);
		return 0;
	}

	int found = top_level("agentSocket", socket_path, sizeof socket_path);
	if (found < 0 || socket_path[0] != '/')
		fail(BAD_CONFIG, "agentSocket must be an absolute path of at most %zu printable characters, without quotes or escapes",
		     sizeof socket_path - 1);
	long timeout_seconds = DEFAULT_TIMEOUT_SECONDS;
	found = top_level("agentTimeoutSeconds", text, sizeof text);
	if (found > 0)
		timeout_seconds = strtol(text, NULL, 10);
	if (found < 0 || timeout_seconds < 1 || timeout_seconds > MAX_TIMEOUT_SECONDS)
		fail(BAD_CONFIG, "agentTimeoutSeconds must be a whole number from 1 to %d", MAX_TIMEOUT_SECONDS);
	error_json(late, sizeof late, status ? NOT_AVAILABLE : TRY_LATER,
		   "the Makas agent at %s did not answer within %ld s", socket_path, timeout_seconds);
	alarm((unsigned)timeout_seconds);

	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, socket_path, sizeof socket_path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		fail(IO_FAILURE, "no Unix socket can be opened: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		fail(status ? LIMITED : TRY_LATER, "the Makas agent is not there: connect to %s: %s", socket_path, strerror(errno));
	send_request(fd);
	print_answer(fd, status ? LIMITED : TRY_LATER);
}
