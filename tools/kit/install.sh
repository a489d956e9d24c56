#!/bin/sh
# sh install.sh [FOLDER]: see 安装说明.txt
exec "python@VERSION@" -X utf8 "$(dirname "$0")/install.py" "$@"
