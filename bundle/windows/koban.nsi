; Installs Koban for one user of Windows, without an administrator:
; `makensis -INPUTCHARSET UTF8 -DVERSION=1.2.3 -DFOLDER=<bundle> -DOUT=<setup.exe> koban.nsi`, the paths absolute.
; The uninstaller takes the certificate out first, and stops where that fails: only the program can do it. Both ask
; nothing when they are started with /S, as winget and the smoke test do.
Unicode true
ManifestDPIAware true
Name "交番 Koban"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Koban"
SetCompressor /SOLID lzma
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Koban"

!include MUI2.nsh
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\koban-window.exe"
; The page's second box, for a file to read elsewhere, is free for this; it is off until it is asked for.
!define MUI_FINISHPAGE_SHOWREADME ""
!define MUI_FINISHPAGE_SHOWREADME_NOTCHECKED
!define MUI_FINISHPAGE_SHOWREADME_TEXT "$(AUTOSTART)"
!define MUI_FINISHPAGE_SHOWREADME_FUNCTION StartWithComputer
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Japanese"
!insertmacro MUI_LANGUAGE "English"
LangString RUNNING ${LANG_JAPANESE} "Kobanのウィンドウを閉じてから、もう一度お試しください。"
LangString RUNNING ${LANG_ENGLISH} "Please close Koban's window and try again."
LangString RULES ${LANG_JAPANESE} "警告ルールを準備しています…"
LangString RULES ${LANG_ENGLISH} "Getting the rules ready…"
LangString TRUSTED ${LANG_JAPANESE} "証明書を外せませんでした。プログラムは残しました。もう一度お試しください。"
LangString TRUSTED ${LANG_ENGLISH} "The certificate could not be taken out, so the program stays. Please try again."
LangString AUTOSTART ${LANG_JAPANESE} "パソコンにログインしたときに始める"
LangString AUTOSTART ${LANG_ENGLISH} "Start when I log in to this computer"

Function StartWithComputer
  nsExec::ExecToLog '"$INSTDIR\koban.exe" autostart on'
  Pop $0
FunctionEnd

Section
  SetOutPath "$INSTDIR"
  ; What an older version had, and this one lacks, must not be imported.
  RMDir /r "$INSTDIR\_internal"
  ClearErrors
  ; Within the folder, since the separator in a path is another one where this is compiled on Linux.
  !cd "${FOLDER}"
  File /r "*.*"
  IfErrors 0 +3
    MessageBox MB_ICONSTOP "$(RUNNING)" /SD IDOK
    Abort
  ; The first start would have to do it, while somebody waits.
  DetailPrint "$(RULES)"
  nsExec::ExecToLog '"$INSTDIR\koban.exe" rules compile'
  Pop $0
  CreateShortcut "$SMPROGRAMS\交番 Koban.lnk" "$INSTDIR\koban-window.exe"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${KEY}" "DisplayName" "交番 Koban"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section Uninstall
  nsExec::ExecToLog '"$INSTDIR\koban.exe" untrust'
  Pop $0
  StrCmp $0 0 +3
    MessageBox MB_ICONSTOP "$(TRUSTED)" /SD IDOK
    Abort
  ; Of `koban autostart on`.
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Koban"
  Delete "$SMPROGRAMS\交番 Koban.lnk"
  RMDir /r "$INSTDIR"
  RMDir /r "$LOCALAPPDATA\koban\Cache"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
