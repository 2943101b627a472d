#!/bin/sh
# run.sh VERB [ARG …]    runs `respondby VERB ARG …` in an environment of its own, made once on a machine
# run.sh --python LOCK   prints the python of the environment of locks/LOCK.txt, made if it is not there
# run.sh --packages LOCK prints, for a step's outputs, whether that environment is missing and what its packages are kept under
#
# Needs Python 3.11 or newer; uses uv where it is on PATH, else venv and pip. Environments are kept under
# ${RUNNER_TOOL_CACHE}, or where there is none under ${XDG_CACHE_HOME:-~/.cache}. Once made, nothing is downloaded.
# Where RESPONDBY_PACKAGES names a folder, the packages are kept there and installed from there by pip, which compares each
# with its hash in the lock, wherever the folder came from: what somebody else put into it is never installed.
#
# Laws: an environment is never seen half made (it is built aside, and a link to it appears in one step); two runs
# that make it at once both work; one that has lost a file, or a file its content, is made anew; only the verb writes to
# standard output.
set -eu

fail() {
    printf 'run.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

actions=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

# What the environment depends on, in one word: the lock's bytes and the interpreter. Fails below Python 3.11.
describe='
import os, sys
assert sys.version_info >= (3, 11)
import hashlib
key = hashlib.sha256(open(sys.argv[1], "rb").read())
for part in sys.version, os.path.realpath(sys.executable), getattr(sys.implementation, "_multiarch", sys.platform):
    key.update(b"\0" + os.fsencode(part))
print("%s-%d.%d-%s" % (sys.argv[2], *sys.version_info[:2], key.hexdigest()[:16]))
'

# Puts the link in place of nothing, or of the broken one that was found before; leaves a newer one alone.
publish='
import os, shutil, sys
built, link, broken = sys.argv[1:]
try:
    os.symlink(os.path.basename(built), link)
except FileExistsError:
    if not broken or os.readlink(link) != broken:
        sys.exit(3)
    os.symlink(os.path.basename(built), built + ".link")
    os.replace(built + ".link", link)
    shutil.rmtree(os.path.join(os.path.dirname(link), broken), ignore_errors=True)
'

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11 python \
        "${RUNNER_TOOL_CACHE:-/nowhere}"/Python/3.1[1-9].*/*/bin/python3; do
        python=$(command -v "$python" 2>/dev/null) || continue
        key=$("$python" -I -S -c "$describe" "$lock" "$name" 2>/dev/null) && return
    done
    fail "found no Python 3.11 or newer on PATH. Install one, or put it first on PATH." 2
}

# Every file of an environment but what Python itself adds, as a checksum.
census() {
    (CDPATH='' cd -- "$1" && find lib -type f ! -name '*.pyc' | LC_ALL=C sort | cksum)
}

# Those of them that are empty: a full disk leaves more.
empties() {
    (CDPATH='' cd -- "$1" && find lib -type f -size 0 ! -name '*.pyc' | LC_ALL=C sort | cksum)
}

is_whole() {
    [ -x "$1/bin/python" ] && [ -f "$1/census" ] && [ "$(census "$1")" = "$(cat "$1/census")" ] &&
        { [ ! -f "$1/empties" ] || [ "$(empties "$1")" = "$(cat "$1/empties")" ]; }
}

make_venv() {
    # Certificates as the machine has them, which is what pip goes by: a company's proxy may have its own.
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
    if [ "$installer" = uv ]; then
        "$uv" venv --quiet --python "$python" "$built"
    elif "$python" -c 'import pip' 2>/dev/null; then
        # The interpreter's own pip installs from outside: giving every environment a pip takes longer than the rest.
        "$python" -m venv --without-pip "$built"
    else
        "$python" -m venv "$built" || fail "$python has neither pip nor ensurepip. On Debian: apt-get install python3-pip"
    fi
}

# pip VERB …, of the interpreter or of the environment that is being made.
pip() {
    verb=$1
    shift
    if "$python" -c 'import pip' 2>/dev/null; then
        set -- "$python" -m pip --python "$built/bin/python" "$verb" "$@"
    else
        set -- "$built/bin/python" -m pip "$verb" "$@"
    fi
    "$@" --quiet --quiet --disable-pip-version-check --no-input --no-deps --require-hashes -r "$lock"
}

# The packages of the lock into the folder that keeps them, in place of whatever was there.
keep_packages() {
    rm -rf "$packages" && mkdir -p "$packages" && pip download -d "$packages"
}

from_packages() {
    pip install --no-compile --no-index --find-links "$packages"
}

install_packages() {
    packages=${RESPONDBY_PACKAGES:-}
    installer=pip
    # uv keeps nothing in a folder that could be handed on, so it is for machines that keep the environment itself.
    if [ -z "$packages" ] && uv=$(command -v uv); then
        installer=uv
    fi
    make_venv || return
    if [ "$installer" = uv ]; then
        "$uv" pip install --quiet --python "$built/bin/python" --no-deps --require-hashes -r "$lock"
    elif [ -z "$packages" ]; then
        pip install --no-compile
    elif [ -d "$packages" ] && from_packages; then
        :
    else
        [ ! -d "$packages" ] || echo "run.sh: the packages in $packages are not those of the lock; asking the package index" >&2
        keep_packages && from_packages
    fi
}

make_environment() {
    if ! { mkdir -p "$shelf" && built=$(mktemp -d "$shelf/$key.XXXXXX"); } 2>/dev/null; then
        fail "cannot write to $shelf: set RUNNER_TOOL_CACHE or XDG_CACHE_HOME to a folder that can be written."
    fi
    trap 'rm -rf "$built"' EXIT
    trap 'exit 130' HUP INT TERM
    chmod 755 "$built" # the tool cache of a runner may serve several users
    broken=$(readlink "$link" 2>/dev/null || true)
    # A folder or a plain file where the link should be: somebody restored a cache that does not know links.
    [ -L "$link" ] || [ ! -e "$link" ] || rm -rf "$link"
    echo "run.sh: making the environment of locks/$name.txt (once on this machine) …" >&2
    # A machine of GitHub's has just unpacked the desk: what its jobs import is compiled while the packages arrive.
    "$python" -I -m compileall -q -x 'respondby/(sandbox|playground|rehearsal|tracing|setup|doctor|fleet)/' \
        "$actions/respondby" >/dev/null 2>&1 &
    compiling=$!
    install_packages >&2 ||
        fail "could not install locks/$name.txt (see above). The first run on a machine needs a package index; later ones none."
    census "$built" >"$built/census"
    empties "$built" >"$built/empties"
    code=0
    "$python" -I -c "$publish" "$built" "$link" "$broken" || code=$?
    case $code in
        0) ;;
        3) rm -rf "$built" ;; # another run was first: its environment serves us too
        *) fail "could not put $built in place as $link" ;;
    esac
    trap - EXIT HUP INT TERM
    wait "$compiling" || true # a folder that cannot be written: each run compiles what it imports
}

[ $# -gt 0 ] || set -- --help
case $1 in
    --python | --packages)
        [ $# -eq 2 ] || fail "usage: run.sh $1 runtime|sandbox|test" 2
        name=$2
        ;;
    rehearse | sandbox | try) name=sandbox ;;
    *) name=runtime ;;
esac
lock=$(dirname -- "$actions")/locks/$name.txt
[ -f "$lock" ] || fail "there is no lock $lock" 2
cache=${RUNNER_TOOL_CACHE:-${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}}
[ -n "$cache" ] || fail "set RUNNER_TOOL_CACHE, XDG_CACHE_HOME or HOME: the environment must be kept somewhere." 2
shelf=$cache/respondby

find_python
link=$shelf/$key
if [ "$1" = --packages ]; then
    missing=true
    ! is_whole "$link" || missing=false
    printf 'missing=%s\nkey=%s\n' "$missing" "$key"
    exit 0
fi
is_whole "$link" || make_environment
# The folder that the link names now: if another run replaces the link, this one keeps what it started with.
environment=$(CDPATH='' cd -- "$link" && pwd -P)

if [ "$1" = --python ]; then
    printf '%s\n' "$environment/bin/python"
    exit 0
fi
# Safe path: a file called yaml.py in the working folder must not be imported in PyYAML's place.
unset PYTHONHOME PYTHONDONTWRITEBYTECODE
export PYTHONPATH="$actions" PYTHONSAFEPATH=1 PYTHONUTF8=1
# A runner of one's own unpacks the desk anew for every job, and keeps what was compiled beside the environment.
[ "${RUNNER_ENVIRONMENT:-}" != self-hosted ] || export PYTHONPYCACHEPREFIX="$environment/bytecode"
exec "$environment/bin/python" -m respondby "$@"
