# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What must be on the machine besides a JDK, and why. Everything is looked for by what it provides,
# so that a machine that is not a Debian is asked for the same things by name.

# group|probe|Debian package|why
PACKAGES='
build|command:mvn|maven|builds the Java modules
build|command:gcc|gcc|compiles the launcher that kubelet executes
build|file:/usr/lib*/{,*/}libc.a|libc6-dev|that launcher is one static file
build|command:clang|clang|compiles the eBPF programs
build|file:/usr/include/bpf/bpf_helpers.h|libbpf-dev|headers of the eBPF programs
build|file:/usr/include/linux/bpf.h|linux-libc-dev|headers of the kernel interface
run|file:/usr/lib*/{,*/}libbpf.so.1|libbpf1|loads the eBPF programs
run|command:dpdk-testpmd|dpdk-dev|the DPDK libraries and drivers, and a vhost-user guest to talk to
run|command:ip|iproute2|makes network namespaces and veth pairs
run|command:nsenter|util-linux|runs a command inside a namespace
run|command:sysctl|procps|sets up namespaces
run|command:ping|iputils-ping|shows that containers reach each other
run|command:ethtool|ethtool|checks and sets offloads
run|command:iperf3|iperf3|sends TCP and UDP through the switch
demo|command:sockperf|sockperf|measures latency
demo|file:/usr/lib/cni/bridge|containernetworking-plugins|the bridge and host-local plugins to compare and work with
bench|file:/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk|openvswitch-switch-dpdk|is what the switch is measured beside; only a private one is started
test|command:ovs-vswitchd|openvswitch-switch|is what flow tables are compared with; only a private one is started
test|command:tcpdump|tcpdump|checks captures and packets on the wire
'

# probe_is_there PROBE
probe_is_there() {
    case $1 in
        command:*) command -v "${1#command:}" >/dev/null ;;
        file:*)
            local pattern=${1#file:}
            if [[ $pattern == *'{,*/}'* ]]; then
                compgen -G "${pattern/'{,*/}'/}" >/dev/null || compgen -G "${pattern/'{,*/}'/*/}" >/dev/null
            else
                [ -e "$pattern" ]
            fi
            ;;
    esac
}

# require_packages GROUP...: installs what is missing, or says what to install.
require_packages() {
    local group probe package why missing=() reasons=()
    while IFS='|' read -r group probe package why; do
        [[ -n $group && " $* " == *" $group "* ]] || continue
        probe_is_there "$probe" && continue
        missing+=("$package")
        reasons+=("$package: $why (${probe#*:})")
    done <<<"$PACKAGES"
    [ ${#missing[@]} -gt 0 ] || return 0

    if ! command -v apt-get >/dev/null; then
        printf '  %s\n' "${reasons[@]}" >&2
        die "the above is missing; the names are those of Debian packages, what is looked for is in brackets"
    fi
    if ! is_root; then
        printf '  %s\n' "${reasons[@]}" >&2
        die "the above is missing; install it with: sudo apt-get install ${missing[*]}"
    fi
    for why in "${reasons[@]}"; do
        say "installing $why"
    done
    install_packages "${missing[@]}"
}

install_packages() {
    local log=$MAKAS_HOME/target/packages.log
    mkdir -p "${log%/*}"
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get -o DPkg::Lock::Timeout=300 update &&
            apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
    } >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        die "could not install $*; the whole log is $log"
    }
}
