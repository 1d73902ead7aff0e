# shellcheck shell=bash
# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What ./run, ./test, tools/lint and tools/bench share: install what is missing, configure, build.
# Sourced by them; expects $root. Everything said goes to stderr: stdout belongs to the program.

packages_build=(g++ cmake ninja-build pkgconf qt6-base-dev libqt6opengl6-dev qt6-charts-dev qt6-svg-dev
    libgl-dev libqt6sql6-sqlite nlohmann-json3-dev nettle-dev libzstd-dev fonts-dejavu-core)
packages_test=("${packages_build[@]}" lld python3 poppler-utils libxml2-utils librsvg2-bin)
packages_bench=("${packages_build[@]}" python3 libtbb-dev libboost-dev findutils parallel)
packages_lint=("${packages_test[@]}" git clang-14 clang-tidy clang-format clazy)
packages_fuzz=(clang-14 libclang-rt-14-dev)

logs="$root/build/logs"

say() { printf '%s\n' "poolscope: $*" >&2; }

die() {
    say "$*"
    exit 1
}

# What was begun is taken up again by the next call.
trap 'say "interrupted"; exit 130' INT TERM

# Takes the lock $1 on descriptor 9 and holds it until unlock, so that two calls do not build at once.
lock() {
    mkdir -p "$logs" || die "cannot write to $root/build"
    exec 9>"$root/build/$1.lock"
    if ! flock -n 9; then
        say "waiting for another call that is at work on $1"
        flock 9
    fi
}

unlock() { exec 9>&-; }

# Prints those of the packages "$@" that are not installed, one a line.
missing_packages() {
    local installed package
    # dpkg-query fails when it does not know one of the names, and still lists the others.
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null) || true
    for package in "$@"; do
        grep -qxF "installed $package" <<<"$installed" || printf '%s\n' "$package"
    done
}

# Runs "$@" as root and without questions; its output goes to the log.
as_root() {
    local sudo=()
    ((EUID == 0)) || sudo=(sudo)
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C "$@" \
        </dev/null >>"$logs/setup.log" 2>&1 9>&-
}

apt_install() {
    as_root apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"
}

# Installs those of the packages "$@" that are missing.
install_missing() {
    local missing
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        command -v cmake >/dev/null && command -v ninja >/dev/null && return
        die "this is no Debian or Ubuntu; please install what these packages hold: $*"
    fi
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0

    lock setup
    mapfile -t missing < <(missing_packages "$@") # another call may have installed them meanwhile
    if ((${#missing[@]})); then
        say "installing packages as root$( ((EUID == 0)) || echo ' (through sudo)'): ${missing[*]}"
        may_be_root || die "no way to become root; please install: ${missing[*]}"
        : >"$logs/setup.log"
        apt_install "${missing[@]}" || repair_and_install "${missing[@]}" ||
            die "could not install ${missing[*]}; see $logs/setup.log"
    fi
    unlock
}

may_be_root() { ((EUID == 0)) || { command -v sudo >/dev/null && sudo -v; }; }

# For what may stand in the way: package lists that are absent or old, an installation that was
# interrupted half-way.
repair_and_install() {
    as_root dpkg --configure -a || true
    as_root apt-get update || true
    as_root apt-get -o DPkg::Lock::Timeout=600 install -y --fix-broken || true
    apt_install "$@"
}

# True if build/$1 was configured to the end, from this checkout and from these presets.
is_configured() {
    local dir="$root/build/$1"
    [[ -f $dir/build.ninja && ! $root/CMakePresets.json -nt $dir/build.ninja ]] &&
        grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt" 2>/dev/null
}

# Makes one line of ninja's many on a terminal, and nothing of it elsewhere.
show_progress() {
    local line shown=
    while IFS= read -r line; do
        [[ $line == \[* ]] || continue
        if [[ ! $shown ]]; then
            shown=1
            say "building $1"
        fi
        [[ ! -t 2 ]] || printf '\r\033[K%s' "${line:0:${COLUMNS:-79}}" >&2
    done
    [[ ! $shown || ! -t 2 ]] || printf '\r\033[K' >&2
}

# Configures if needed and builds the targets "$2"... of preset $1 (all if none is given).
build_preset() {
    local preset=$1 log="$logs/build-$1.log"
    shift
    lock "$preset"
    if ! is_configured "$preset"; then
        say "configuring $preset (the first build takes some minutes)"
        # Fresh: a cache left by an interruption, or by a checkout that was moved, is worse than none.
        (cd "$root" && cmake --fresh --preset "$preset") >"$log" 2>&1 9>&- ||
            die "could not configure the build; see $log"
    fi
    if ! ninja -C "$root/build/$preset" "$@" 2>&1 9>&- | tee "$log" | show_progress "$preset"; then
        grep -m 5 -E '(^|: )(fatal )?error: |undefined reference|^CMake Error' "$log" >&2 || true
        die "the build failed; see $log"
    fi
    unlock
}
