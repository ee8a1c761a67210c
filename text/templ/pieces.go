package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// pieces are all functions that draw a component, those generated and those written
// by hand in their place, and how many arguments the component takes.
type pieces map[string]int

// findPieces reads the templates and the Go of a module.
func findPieces(root string) (pieces, error) {
	template := regexp.MustCompile(`(?m)^templ (?:\([^)]*\) )?(\w+)\((.*)\) \{$`)
	byHand := regexp.MustCompile(`(?m)^func (?:\([^)]*\) )?([dD]raw\w+)\(\w+ \*text\.Out, _ text.Children, (.*)\) \{`)
	p := pieces{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		templ := strings.HasSuffix(path, ".templ")
		if d.IsDir() || !templ && !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_templ.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if templ {
			for _, m := range template.FindAllStringSubmatch(string(text), -1) {
				p.add(drawn(m[1]), m[2])
			}
			return nil
		}
		for _, m := range byHand.FindAllStringSubmatch(string(text), -1) {
			p.add(m[1], m[2])
		}
		return nil
	})
	return p, err
}

// add counts parameters by their commas: no template takes a function.
func (p pieces) add(name, params string) {
	p[name] = 0
	if params != "" {
		p[name] = strings.Count(params, ",") + 1
	}
}
