;;; session.el --- A session of Emacs' dap-mode with the adapter  -*- lexical-binding: t -*-

;; Run with --batch. Reads from the environment: SESSION_FOLDER (for what Emacs keeps), SESSION_HOME (the adapter's),
;; SESSION_ADAPTER (its command, a JSON list), SESSION_CONFIGURATION (the launch configuration, JSON), SESSION_SOURCE,
;; SESSION_LINE and SESSION_EXPRESSION.
;; Prints a line of JSON for each thing that was seen; ends with 1 where dap-mode fails or nothing comes any more.

(require 'cl-lib)
(require 'json)

(setq user-emacs-directory (file-name-as-directory (getenv "SESSION_FOLDER"))
      lsp-session-file (expand-file-name "lsp-session" user-emacs-directory)
      dap-breakpoints-file (expand-file-name "dap-breakpoints" user-emacs-directory)
      make-backup-files nil)

;; Native code would want a compiler of the machine.
(setq comp-enable-subr-trampolines nil
      native-comp-enable-subr-trampolines nil
      native-comp-deferred-compilation nil)
;; The libraries that Emacs was started with are not the adapter's.
(setenv "LD_LIBRARY_PATH" nil)

(require 'dap-mode)
(require 'dap-ui)
(setq dap-auto-show-output nil)
(remove-hook 'dap-stopped-hook #'dap-hydra)

(defun session--from-environment (name)
  "The JSON in the environment variable NAME, objects as property lists."
  (let ((json-object-type 'plist) (json-array-type 'vector) (json-false :json-false))
    (json-read-from-string (getenv name))))

(defun session--tell (what &rest facts)
  "Print WHAT, with FACTS, a property list."
  (princ (concat (json-encode (append (list :seen what) facts)) "\n")))

(defvar session--stops 0 "How many stops dap-mode has shown.")
(defvar session--ended nil "Whether dap-mode takes the session for ended.")
(add-hook 'dap-stack-frame-changed-hook
          (lambda (session)
            (when (and (dap--debug-session-active-frame session) (not session--ended))
              (cl-incf session--stops))))
(add-hook 'dap-terminated-hook (lambda (_) (setq session--ended t)))

(defun session--await (what done)
  "Let dap-mode work until DONE is true; WHAT is awaited."
  (let ((end (+ (float-time) 60)))
    (while (not (funcall done))
      (when (> (float-time) end) (error "Nothing came: %s" what))
      (accept-process-output nil 0.05))))

(defun session--next-stop (act)
  "Do ACT, and wait until dap-mode shows where the guest has stopped."
  (let ((before session--stops))
    (funcall act)
    (session--await "a stop" (lambda () (or session--ended (> session--stops before))))))

(defun session--ask (command &rest arguments)
  "The answer to COMMAND with ARGUMENTS."
  (let (answer)
    (dap--send-message (dap--make-request command arguments)
                       (lambda (response) (setq answer response))
                       (dap--cur-session))
    (session--await command (lambda () answer))
    (gethash "body" answer)))

(defun session--place ()
  "Tell where dap-mode shows the guest, and what is there."
  (let* ((session (dap--cur-session))
         (frame (dap--debug-session-active-frame session))
         (scopes (gethash "scopes" (session--ask "scopes" :frameId (gethash "id" frame))))
         (locals (cl-find "Locals" scopes :key (lambda (each) (gethash "name" each)) :test #'equal))
         (variables (and locals
                         (gethash "variables" (session--ask "variables" :variablesReference
                                                            (gethash "variablesReference" locals))))))
    (session--tell "stop"
                   :state (dap--debug-session-state session)
                   :frame (gethash "name" frame)
                   :line (gethash "line" frame)
                   ;; dap-mode visits the file, and goes to the line.
                   :file (file-name-nondirectory (or (buffer-file-name (window-buffer)) ""))
                   :shown (with-current-buffer (window-buffer) (line-number-at-pos))
                   :locals (apply #'vector (mapcar (lambda (each)
                                                     (format "%s = %s" (gethash "name" each) (gethash "value" each)))
                                                   variables)))))

(condition-case failure
    (progn
      (find-file (getenv "SESSION_SOURCE"))
      (goto-char (point-min))
      (forward-line (1- (string-to-number (getenv "SESSION_LINE"))))
      (dap-breakpoint-add)
      (session--next-stop
       (lambda ()
         (dap-start-debugging
          (append (session--from-environment "SESSION_CONFIGURATION")
                  (list :dap-server-path (append (session--from-environment "SESSION_ADAPTER") nil)
                        :environment-variables (list (cons "HOME" (getenv "SESSION_HOME"))))))))
      (session--place)
      (session--next-stop (lambda () (dap-next (dap--cur-session))))
      (session--place)
      (session--tell "evaluated" :result
                     (gethash "result"
                              (session--ask "evaluate" :expression (getenv "SESSION_EXPRESSION") :context "repl"
                                            :frameId (gethash "id" (dap--debug-session-active-frame
                                                                    (dap--cur-session))))))
      (dap-continue (dap--cur-session) (dap--debug-session-thread-id (dap--cur-session)))
      (session--await "the end" (lambda () session--ended))
      (session--tell "end"))
  (error (session--tell "failure" :message (error-message-string failure))
         (kill-emacs 1)))
;;; session.el ends here
