#!/bin/sh
# Find a Chromium for the page tests, or install Debian's. Says which, and never asks.
set -u

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then
    exit 0
  fi
done

as_root=""
if [ "$(id -u)" != 0 ]; then
  as_root="sudo -n"
  sudo -n true 2>/dev/null || as_root="none"
fi

if command -v apt-get >/dev/null 2>&1 && [ "$as_root" != "none" ]; then
  echo "Installing Chromium for the page tests"
  $as_root apt-get -qq update &&
    DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y chromium >/dev/null
  if command -v chromium >/dev/null 2>&1; then
    exit 0
  fi
fi

if [ "${CI:-}" = "true" ]; then
  echo "No Chromium, and it could not be installed: the page tests cannot run." >&2
  exit 1
fi
echo "No Chromium here, and it could not be installed: the page tests will be skipped."
