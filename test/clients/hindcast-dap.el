;;; hindcast-dap.el --- replays Hindcast's recordings in dap-mode -*- lexical-binding: t -*-

;; The set-up that the documentation shows; dap-mode.el drives it.

(require 'dap-mode)
(require 'dap-ui)

;; Debian 12's lsp-treemacs reads this variable of a treemacs that is newer than Debian 12's
(defvar treemacs-text-scale nil)

(dap-register-debug-provider
 "hindcast"
 (lambda (configuration)
   (let ((folder (locate-dominating-file default-directory ".hindcast")))
     (when folder (dap--put-if-absent configuration :cwd (expand-file-name folder))))
   (plist-put configuration :dap-server-path '("npx" "hindcast" "dap"))))

(dap-register-debug-template
 "Replay the newest recording"
 '(:type "hindcast" :request "launch"))

(dap-register-debug-template
 "Record this file and replay"
 '(:type "hindcast" :request "launch" :program "${file}"))

;; dap-mode has no commands that go backward
(defun hindcast-step-back ()
  "Step over backward."
  (interactive)
  (dap--step "stepBack" (dap--cur-session-or-die)))

(defun hindcast-reverse-continue ()
  "Run backward, to a breakpoint or the beginning."
  (interactive)
  (dap--step "reverseContinue" (dap--cur-session-or-die)))

(global-set-key (kbd "<f9>") #'hindcast-step-back)
(global-set-key (kbd "<f8>") #'hindcast-reverse-continue)

;; what Hindcast itself says: what logpoints print, conditions that cannot be told
(add-to-list 'dap-output-buffer-filter "console")

;;; hindcast-dap.el ends here
