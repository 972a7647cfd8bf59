package main

import (
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// readYAML reads a file of the page about builds, which must have no other keys.
func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "internal", "serve", "builds", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d := yaml.NewDecoder(file)
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// service is what the test knows of a service of Docker Compose.
type service struct {
	Image, Build string
	WorkingDir   string `yaml:"working_dir"`
	Volumes      []string
	Command      []string
	Healthcheck  struct {
		Test        []string
		Interval    string
		StartPeriod string `yaml:"start_period"`
	}
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	Environment map[string]string
}

// TestCompose starts the server of compose.yaml, as its shell does but on this computer
// alone. The other service reaches it by its name, with the variables that are printed, and
// Docker learns that it is ready.
func TestCompose(t *testing.T) {
	var file struct{ Services map[string]service }
	readYAML(t, "compose.yaml", &file)
	ses, app := file.Services["ses"], file.Services["app"]
	if app.DependsOn["ses"].Condition != "service_healthy" || len(ses.Command) != 3 {
		t.Errorf("%+v", file)
	}
	t.Chdir(t.TempDir())
	_, words, found := strings.Cut(ses.Command[2], "exec /tmp/sesim serve ")
	args := strings.Fields(strings.NewReplacer("0.0.0.0", "127.0.0.1", "/reports", "reports").Replace(words))
	if !found || !slices.Contains(args, "127.0.0.1") {
		t.Fatalf("the command is %q", ses.Command[2])
	}
	s := startServe(t, append(args, "--smtp-port", "0")...)
	printed := map[string]string{}
	for _, found := range regexp.MustCompile(`(?m)^export (\w+)=(.*)$`).FindAllStringSubmatch(s.block(), -1) {
		printed[found[1]] = found[2]
	}
	_, port, _ := strings.Cut(strings.TrimPrefix(s.url, "http://"), ":")
	for name, value := range app.Environment {
		want := regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(printed[name], map[bool]string{false: "ses:8525", true: "ses:2525"}[name == "SESIM_SMTP"])
		if value != want {
			t.Errorf("%s is %q, want %q", name, value, want)
		}
	}
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"} {
		if app.Environment[name] == "" {
			t.Errorf("%s is missing in %v", name, slices.Sorted(maps.Keys(app.Environment)))
		}
	}
	for _, host := range []string{"ses:8525", "127.0.0.1:8525"} { // as app does, and the check
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/_sesim/clock", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		r.Header.Set("Sesim-Admin", "1")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", host, answer.StatusCode)
		}
	}
	check := slices.Clone(ses.Healthcheck.Test)
	if last := len(check) - 1; check[0] != "CMD" || check[last] != "http://127.0.0.1:8525/_sesim/clock" {
		t.Errorf("the check is %q", check)
	} else if check[last] = strings.Replace(check[last], "8525", port, 1); exec.Command("curl", "--version").Run() == nil {
		must(t, exec.CommandContext(t.Context(), check[1], check[2:]...))
	}
	s.stop()
	if code := s.end(); code != 0 || !exists("reports/mail/summary.json") {
		t.Errorf("exit status %d, and no report: %s", code, &s.stderr)
	}
}

// workflow is what the test knows of a workflow of GitHub Actions.
type workflow struct {
	Name string
	On   []string
	Jobs map[string]struct {
		RunsOn string `yaml:"runs-on"`
		Env    map[string]string
		Steps  []step
	}
}

type step struct {
	Uses, Run, If string
	With          map[string]string
	Directory     string `yaml:"working-directory"`
}

// TestRealBuild runs the steps of github.yaml but those of others and pip, with the program
// beside it: the build passes. Without its pause it fails, for the reason that the page
// shows. The command is that of the page. It needs .ci/clients.
func TestRealBuild(t *testing.T) {
	var file workflow
	readYAML(t, "github.yaml", &file)
	clients(t)
	folder, root := mustAbs(t, "../internal/serve/builds"), mustAbs(t, "../..")
	t.Chdir(t.TempDir())
	read := func(name string) string {
		src, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(src)
	}
	page, program := read(readme), read("send.py")
	write(t, "send.py", program)
	write(t, "addresses.txt", read("addresses.txt"))
	t.Setenv("RUNNER_TEMP", t.TempDir())
	t.Setenv("GITHUB_PATH", mustAbs(t, "path"))
	job := file.Jobs["mail"]
	for name, value := range job.Env {
		t.Setenv(name, value)
	}
	var serve string
	for _, step := range job.Steps {
		if step.Run == "" || strings.HasPrefix(step.Run, "pip ") {
			continue
		}
		command := step.Run
		if words, found := strings.CutPrefix(command, "sesim serve "); found {
			command = "sesim serve --port 0 --smtp-port 0 --force " + words
			serve = command
			if !strings.Contains(page, "```sh\n"+step.Run+"```\n") {
				t.Errorf("the page does not show the command of the workflow: %s", step.Run)
			}
		}
		cmd := exec.CommandContext(t.Context(), "bash", "-e", "-c", command)
		if step.Directory == "sesim" {
			cmd.Dir = root
		}
		must(t, cmd)
		if added, err := os.ReadFile("path"); err == nil {
			t.Setenv("PATH", strings.TrimSpace(string(added))+string(os.PathListSeparator)+os.Getenv("PATH"))
		}
	}
	if serve == "" || !exists("mail-report/report.html") {
		t.Fatalf("%q leaves no report", serve)
	}
	write(t, "send.py", strings.Replace(program, "time.sleep(pause)", "pass", 1))
	cmd := exec.CommandContext(t.Context(), "bash", "-e", "-c", serve)
	out, err := cmd.Output()
	if err == nil || cmd.ProcessState.ExitCode() != 99 {
		t.Errorf("without the pause: %v\n%s", err, out)
	}
	shown := regexp.MustCompile("(?s)```text\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(shown) != 2 {
		t.Fatalf("the page shows %d outputs, want 2", len(shown))
	}
	for _, found := range shown {
		for line := range strings.Lines(found[1]) {
			if !strings.Contains(string(out), "\n"+strings.TrimSuffix(line, "\n")) {
				t.Errorf("%q is not printed:\n%s", line, out)
			}
		}
	}
}
