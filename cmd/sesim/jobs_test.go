package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// jobs prepares a folder with a sweep, the whole of it in "whole", and a sesim
// in the PATH, which is this test binary. It returns the folder of job files.
func jobs(t *testing.T) string {
	t.Helper()
	files := mustAbs(t, "jobs")
	t.Chdir(t.TempDir())
	write(t, "s.toml", "replications = 3\n"+swept("", twoKeys))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "sesim")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv(asProgram, "1")
	must(t, exec.CommandContext(t.Context(), "sesim", "run", "s.toml", "-o", "whole", "--quiet"))
	return files
}

// must runs a command that is to succeed.
func must(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// TestParallelJob runs the script for GNU parallel, and runs it again where one
// shard is gone and the report too.
func TestParallelJob(t *testing.T) {
	if _, err := exec.LookPath("parallel"); err != nil {
		t.Skip("GNU parallel is not installed")
	}
	script := filepath.Join(jobs(t), "parallel.sh")
	must(t, exec.CommandContext(t.Context(), script, "s.toml", "3", "report", "--jobs", "2"))
	wantSame(t, "whole", "report")
	for _, dir := range []string{"report", "report.parts/2"} {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	must(t, exec.CommandContext(t.Context(), script, "s.toml", "3", "report"))
	wantSame(t, "whole", "report")
}

// indexedJob is what the test reads of a Kubernetes Job.
type indexedJob struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Spec       struct {
		CompletionMode string `yaml:"completionMode"`
		Completions    int    `yaml:"completions"`
		Parallelism    int    `yaml:"parallelism"`
		Template       struct {
			Spec struct {
				RestartPolicy string `yaml:"restartPolicy"`
				Containers    []struct {
					Command []string `yaml:"command"`
					Args    []string `yaml:"args"`
					Env     []struct {
						Name  string `yaml:"name"`
						Value string `yaml:"value"`
					} `yaml:"env"`
					VolumeMounts []struct {
						Name      string `yaml:"name"`
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				} `yaml:"containers"`
				Volumes []struct {
					Name string `yaml:"name"`
				} `yaml:"volumes"`
			} `yaml:"spec"`
		} `yaml:"template"`
	} `yaml:"spec"`
}

// TestKubernetesJob reads the Job, and runs its container's command once for
// each index, as Kubernetes would, with the mounted folders in other places.
func TestKubernetesJob(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(jobs(t), "kubernetes.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var job indexedJob
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&job); err != nil {
		t.Fatal(err)
	}
	spec := &job.Spec
	if job.APIVersion != "batch/v1" || job.Kind != "Job" || spec.CompletionMode != "Indexed" || spec.Template.Spec.RestartPolicy != "Never" {
		t.Errorf("it is no Indexed Job: %+v", job)
	}
	container := spec.Template.Spec.Containers[0]
	env := map[string]string{}
	for _, e := range container.Env {
		env[e.Name] = e.Value
	}
	if env["SHARDS"] != strconv.Itoa(spec.Completions) {
		t.Errorf("%d completions make %s shards", spec.Completions, env["SHARDS"])
	}
	for _, m := range container.VolumeMounts {
		of := map[string]string{"scenario": filepath.Dir(env["SCENARIO"]), "parts": env["PARTS"]}[m.Name]
		if m.MountPath != of || !strings.Contains(fmt.Sprint(spec.Template.Spec.Volumes), m.Name) {
			t.Errorf("volume %s is mounted at %s, and used at %s", m.Name, m.MountPath, of)
		}
	}
	var parts []string
	for i := range spec.Completions {
		cmd := exec.CommandContext(t.Context(), container.Command[0], append(container.Command[1:], container.Args...)...)
		cmd.Env = append(os.Environ(), "SHARDS="+env["SHARDS"], "SCENARIO=s.toml", "PARTS=parts", "JOB_COMPLETION_INDEX="+strconv.Itoa(i))
		must(t, cmd)
		parts = append(parts, filepath.Join("parts", strconv.Itoa(i)))
	}
	must(t, exec.CommandContext(t.Context(), "sesim", append([]string{"merge", "-o", "merged", "--quiet"}, parts...)...))
	wantSame(t, "whole", "merged")
}

// TestSlurmScript runs the array job's script with the variables that Slurm
// sets. The script .ci/slurm runs it under Slurm itself.
func TestSlurmScript(t *testing.T) {
	script := filepath.Join(jobs(t), "slurm.sh")
	var parts []string
	for i := 1; i <= 3; i++ {
		cmd := exec.CommandContext(t.Context(), script, "s.toml", "parts")
		cmd.Env = append(os.Environ(), "SLURM_ARRAY_TASK_COUNT=3", "SLURM_ARRAY_TASK_ID="+strconv.Itoa(i))
		must(t, cmd)
		parts = append(parts, filepath.Join("parts", strconv.Itoa(i)))
	}
	must(t, exec.CommandContext(t.Context(), "sesim", append([]string{"merge", "-o", "merged", "--quiet"}, parts...)...))
	wantSame(t, "whole", "merged")
}
