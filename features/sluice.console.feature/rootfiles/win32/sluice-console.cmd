@echo off
rem Starts the console from the folder that this script lies in.
rem   sluice-console [--server HOST:PORT] [--cluster NAME]
setlocal
set "JAVAW=javaw"
if defined JAVA_HOME set "JAVAW=%JAVA_HOME%\bin\javaw"
if not defined SLUICE_CONSOLE_STATE set "SLUICE_CONSOLE_STATE=%LOCALAPPDATA%\SluiceConsole"
for %%j in ("%~dp0plugins\org.eclipse.equinox.launcher_*.jar") do set "LAUNCHER=%%~fj"
start "" "%JAVAW%" -Xmx512m -Dslf4j.internal.verbosity=ERROR %SLUICE_CONSOLE_JAVA_OPTS% -jar "%LAUNCHER%" -os win32 -ws win32 -arch x86_64 -configuration "%SLUICE_CONSOLE_STATE%\configuration" -data "%SLUICE_CONSOLE_STATE%\workspace" %*
