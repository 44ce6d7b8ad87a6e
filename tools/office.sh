#!/bin/sh
# Find a LibreOffice that recalculates workbooks for the tests, or install Debian's Calc alone
# (about 45 seconds). Says which, and never asks.
set -u

for name in soffice libreoffice localc; do
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
  echo "Installing LibreOffice Calc for the workbook tests"
  $as_root apt-get -qq update &&
    DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y --no-install-recommends \
      libreoffice-calc >/dev/null
  if command -v soffice >/dev/null 2>&1; then
    exit 0
  fi
fi

if [ "${CI:-}" = "true" ]; then
  echo "No LibreOffice, and it could not be installed: workbooks cannot be recalculated." >&2
  exit 1
fi
echo "No LibreOffice here, and it could not be installed: recalculation will not be tested."
