#!/bin/sh
# Make secrets/ for docker-compose.yml, once, before the first `docker compose up`. The containers run
# as user 1000, who must own the keys: only root can see to that for somebody else.
set -eu
cd "$(dirname "$0")/.."
case $(id -u) in
  0 | 1000) ;;
  *) echo "run this as root or as user 1000: the containers' user has to own the keys" >&2 && exit 1 ;;
esac
docker compose build
umask 077
mkdir -p secrets
[ "$(id -u)" -ne 0 ] || chown 1000:1000 secrets
docker compose run --rm --no-deps secrets
