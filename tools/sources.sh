#!/bin/sh
# The C files of the project that people wrote, one a line.
cd "$(dirname "$0")/.."
find src include tests fuzz bench examples -name '*.[ch]' | LC_ALL=C sort
