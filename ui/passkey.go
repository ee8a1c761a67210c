package ui

// A PasskeyForm is sent once an authenticator has answered a question: the
// script asks it when the form's button is pressed.
type PasskeyForm struct {
	P       Printer
	Action  string
	Options string // the question, for navigator.credentials
	Asked   string // and sealed, as it comes back
	Create  bool   // a new passkey is made
	Submit  Button
}

func (k PasskeyForm) failed() string {
	if k.Create {
		return k.P.T("No passkey was made: you or the device stopped, or it took too long. Try again.")
	}
	return k.P.T("No passkey was given: you or the device stopped, it took too long, or there is none here. Try again.")
}
