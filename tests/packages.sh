# SPDX-License-Identifier: Apache-2.0
# Debian packages that the commands need: sourced by tests/run and bench/run.

# install_packages PACKAGE...: installs those that are missing; asks the network for nothing else.
install_packages() {
    local package missing=() root=()
    for package in "$@"; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            missing+=("$package")
        fi
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    if [ "$(id -u)" -ne 0 ]; then
        root=(sudo)
    fi
    echo "installing ${missing[*]}"
    "${root[@]}" apt-get -q update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends "${missing[@]}"
}
