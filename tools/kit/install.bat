@echo off
chcp 65001 >nul
py -@VERSION@ -X utf8 "%~dp0install.py" %*
if errorlevel 1 echo Python @VERSION@ (64-bit): see the txt file in this folder.
pause
