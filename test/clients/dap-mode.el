;;; dap-mode.el --- drives a replay in dap-mode, without a display -*- lexical-binding: t -*-

;; dap-mode.sh starts it in a folder with a program and its recording, and compares what it prints: what dap-mode shows.

(package-initialize)
(load (expand-file-name "hindcast-dap.el" (file-name-directory load-file-name)) nil t)

(defun check-show (format &rest values)
  "Print a line on standard output."
  (princ (concat (apply #'format format values) "\n")))

(defun check-wait (what holds)
  "Let dap-mode work until HOLDS gives something, and return that; fail with WHAT was awaited."
  (let ((deadline (+ (float-time) 60)) given)
    (while (not (setq given (funcall holds)))
      (when (> (float-time) deadline) (error "Waited 60 seconds for %s" what))
      (accept-process-output nil 0.02))
    given))

(defun check-stop (what)
  "Wait until the session has stopped after WHAT, show why and where, and return the stack."
  (let* ((session (dap--cur-session-or-die))
         (stacks (dap--debug-session-thread-stack-frames session))
         (thread (check-wait (concat "the stop after " what)
                             (lambda ()
                               (let ((id (dap--debug-session-thread-id session)))
                                 (and id (not (eq (gethash id stacks 'none) 'none)) id)))))
         (frame (dap--debug-session-active-frame session)))
    (check-show "%s: %s, %s" what
                (gethash thread (dap--debug-session-thread-states session))
                (if (null frame) "no frame"
                  (format "%s at %s:%d, cursor in line %d of %s"
                          (gethash "name" frame)
                          (file-name-nondirectory (dap--get-path-for-frame frame)) (gethash "line" frame)
                          (line-number-at-pos) (buffer-name))))
    (gethash thread stacks)))

(defun check-move (command)
  "Call COMMAND as its key does, and show where that leads."
  (call-interactively command)
  (check-stop (symbol-name command)))

(defun check-window (title buffer)
  "Show the text of one of dap-mode's windows, of which the first line is for treemacs alone."
  (check-show "%s:" title)
  (with-current-buffer buffer
    (check-show "%s" (string-trim-right
                      (replace-regexp-in-string "\\`Hidden Node\n" ""
                                                (buffer-substring-no-properties (point-min) (point-max)))))))

;; dap-mode refreshes its windows when the user is idle, which never is without a display: that is why it is told here
(defun check-locals ()
  "Show dap-mode's window of variables."
  (save-window-excursion (dap-ui-locals))
  (dap-ui-locals--refresh)
  (check-window "variables" dap-ui--locals-buffer))

(defun check-expressions (&rest expressions)
  "Show dap-mode's window of EXPRESSIONS."
  (setq dap-ui-expressions expressions)
  (save-window-excursion (dap-ui-expressions))
  (dap-ui-expressions-refresh)
  (check-window "expressions" dap-ui--expressions-buffer))

(defun check-breakpoint (mark)
  "Set a breakpoint at the line that ends with the comment MARK, and show what became of it."
  (switch-to-buffer "program.js")
  (goto-char (point-min))
  (search-forward (concat "// " mark))
  (let ((breakpoints (dap--debug-session-breakpoints (dap--cur-session))))
    (remhash buffer-file-name breakpoints)
    (dap-breakpoint-add)
    (dolist (breakpoint (check-wait "the breakpoint" (lambda () (gethash buffer-file-name breakpoints))))
      (check-show "breakpoint: line %d, %s" (gethash "line" breakpoint)
                  (if (gethash "verified" breakpoint) "verified" "not verified")))))

(defvar check-told nil "What dap-mode told of the exception.")

(defun check-debug (template)
  "Begin a session by TEMPLATE, and show where and how it opens."
  (setq check-told nil)
  (switch-to-buffer "program.js")
  (dap-debug (copy-tree (cdr (assoc template dap-debug-template-configurations))))
  (let ((stack (check-stop template)))
    (check-show "told: %s" (check-wait "what the exception is" (lambda () check-told)))
    (check-show "stack: %s" (mapconcat (lambda (frame) (gethash "name" frame)) stack " < "))))

(defun check-disconnect ()
  "End the session."
  (let ((session (dap--cur-session)))
    (dap-disconnect session)
    (check-wait "the end of the session" (lambda () (not (dap--session-running session))))
    (check-show "dap-disconnect: %s" (dap--debug-session-state session))))

(advice-add 'lsp--error :before
            (lambda (format &rest values)
              (setq check-told (string-replace "\n" ": " (apply #'format format values)))))
(setq dap-auto-show-output nil
      dap-ui-variable-length 60)

(find-file "program.js")
(check-debug "Replay the newest recording")
(check-locals)
(check-move #'hindcast-step-back)
(check-move #'hindcast-step-back)
(check-locals)

(check-breakpoint "returned")
(check-move #'hindcast-reverse-continue)
(check-locals)
(check-expressions "item.price * 2" "priceOf(item) + 1" "nope")

(check-move #'dap-next)
(check-move #'dap-step-in)
(check-move #'dap-step-out)
(check-move #'hindcast-step-back)
(check-move #'hindcast-reverse-continue)
(check-move #'hindcast-reverse-continue)
(check-move #'dap-continue)

(dap-breakpoint-delete-all)
(check-breakpoint "sum")
(cl-letf (((symbol-function 'read-string) (lambda (&rest _) "before the {item.name}: {sum}")))
  (call-interactively #'dap-breakpoint-log-message))
(let ((output (dap--debug-session-output-buffer (dap--cur-session))))
  (check-wait "what the logpoint prints"
              (lambda () (with-current-buffer output (= 2 (count-lines (point-min) (point-max))))))
  (check-window "output" output))
(check-disconnect)

(dap-breakpoint-delete-all)
(check-debug "Record this file and replay")
(check-move #'hindcast-step-back)
(check-disconnect)

;;; dap-mode.el ends here
