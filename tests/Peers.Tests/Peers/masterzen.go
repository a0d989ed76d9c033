// Runs commands through masterzen/winrm: masterzen HOST PORT USER PASSWORD [ntlm]. With ntlm over HTTP. Silent when all is as it should be.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/masterzen/winrm"
)

func main() {
	port, _ := strconv.Atoi(os.Args[2])
	ntlm := len(os.Args) > 5 && os.Args[5] == "ntlm"
	endpoint := winrm.NewEndpoint(os.Args[1], port, !ntlm, true, nil, nil, nil, 0)
	parameters := *winrm.DefaultParameters
	if ntlm {
		parameters.TransportDecorator = func() winrm.Transporter { return &winrm.ClientNTLM{} }
	}
	client, err := winrm.NewClientWithParameters(endpoint, os.Args[3], os.Args[4], &parameters)
	check(err == nil, "client", err)

	var output, errors bytes.Buffer
	code, err := client.RunWithInput("cat; printf oops >&2; exit 5", &output, &errors, strings.NewReader("grüße\n"))
	check(err == nil, "run", err)
	check(output.String() == "grüße\n", "stdout", output.String())
	check(errors.String() == "oops", "stderr", errors.String())
	check(code == 5, "code", code)

	shell, err := client.CreateShell()
	check(err == nil, "shell", err)
	defer shell.Close()
	command, err := shell.Execute("head -c 1000000 /dev/zero | wc", "-c")
	check(err == nil, "execute", err)
	var count bytes.Buffer
	count.ReadFrom(command.Stdout)
	command.Wait()
	check(strings.TrimSpace(count.String()) == "1000000", "count", count.String())
	check(command.ExitCode() == 0, "code", command.ExitCode())
	command.Close()
}

func check(right bool, what string, found interface{}) {
	if !right {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, found)
		os.Exit(1)
	}
}
