package serve

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/template"
)

// maxTemplates is the number of templates that an account has at most.
const maxTemplates = 20_000

// doTemplate carries out operations on templates.
func (o *operation) doTemplate(input any) (any, error) {
	switch in := input.(type) {
	case *api.CreateEmailTemplate:
		return nil, o.createTemplate(in)
	case *api.UpdateEmailTemplate:
		t, err := o.template(in.TemplateName)
		if err != nil {
			return nil, err
		}
		if err := o.checkTemplate(in.TemplateContent); err != nil {
			return nil, err
		}
		t.content = *in.TemplateContent
		return nil, nil
	case *api.GetEmailTemplate:
		t, err := o.template(in.TemplateName)
		if err != nil {
			return nil, err
		}
		return &api.GetEmailTemplateOutput{TemplateName: in.TemplateName, TemplateContent: t.content, Tags: t.tags}, nil
	case *api.DeleteEmailTemplate:
		if _, err := o.template(in.TemplateName); err != nil {
			return nil, err
		}
		delete(o.account.templates, in.TemplateName)
		return nil, nil
	case *api.ListEmailTemplates:
		return o.listTemplates(in)
	case *api.TestRenderEmailTemplate:
		return o.testRender(in)
	}
	return o.doTag(input)
}

func (o *operation) template(name string) (*storedTemplate, error) {
	if t := o.account.templates[name]; t != nil {
		return t, nil
	}
	return nil, api.NoTemplate(o.caller.Interface, name)
}

// checkTemplate checks that the parts of a template can be read.
func (o *operation) checkTemplate(c *api.EmailTemplateContent) error {
	for _, text := range []string{c.Subject, c.Text, c.Html} {
		if err := template.Check(text); err != nil {
			return o.refuse(api.InvalidTemplate, "%s", err)
		}
	}
	return nil
}

func (o *operation) createTemplate(in *api.CreateEmailTemplate) error {
	switch {
	case o.account.templates[in.TemplateName] != nil:
		return o.refuse(api.AlreadyExists, "Template %s already exists.", in.TemplateName)
	case len(o.account.templates) >= maxTemplates:
		return o.refuse(api.LimitExceeded, "An account has at most %d templates.", maxTemplates)
	}
	if err := o.checkTemplate(in.TemplateContent); err != nil {
		return err
	}
	o.account.templates[in.TemplateName] = &storedTemplate{*in.TemplateContent, o.s.now(), in.Tags}
	return nil
}

func (o *operation) listTemplates(in *api.ListEmailTemplates) (any, error) {
	names := slices.Sorted(maps.Keys(o.account.templates))
	names, token, err := pageOf(o, names, func(name string) string { return name }, in.NextToken, int(in.PageSize), api.MaxPage)
	if err != nil {
		return nil, err
	}
	out := &api.ListEmailTemplatesOutput{NextToken: token}
	for _, name := range names {
		created := api.Time{Time: o.account.templates[name].created}
		out.TemplatesMetadata = append(out.TemplatesMetadata, api.EmailTemplateMetadata{CreatedTimestamp: created, TemplateName: name})
	}
	return out, nil
}

func (o *operation) testRender(in *api.TestRenderEmailTemplate) (any, error) {
	t, err := o.template(in.TemplateName)
	if err != nil {
		return nil, err
	}
	parts, err := render(&t.content, in.TemplateData, "")
	switch {
	case errors.Is(err, template.ErrMissing):
		return nil, o.refuse(api.MissingAttribute, "%s", err)
	case err != nil:
		return nil, o.refuse(api.BadRequest, "%s", err)
	}
	text := fmt.Sprintf("Subject: %s\r\nMIME-Version: 1.0\r\n\r\n%s%s", parts.Subject, parts.Text, parts.Html)
	return &api.TestRenderEmailTemplateOutput{RenderedTemplate: text}, nil
}

// render renders the parts of a template.
func render(c *api.EmailTemplateContent, data, replacement string) (out api.EmailTemplateContent, err error) {
	values, err := template.Data(data, replacement)
	if err != nil {
		return out, err
	}
	var all []error
	part := func(text string) string {
		rendered, err := template.Render(text, values)
		all = append(all, err)
		return rendered
	}
	out.Subject, out.Text, out.Html = part(c.Subject), part(c.Text), part(c.Html)
	for _, err := range all {
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// doTag carries out operations on the tags of resources.
func (o *operation) doTag(input any) (any, error) {
	arn := ""
	switch in := input.(type) {
	case *api.TagResource:
		arn = in.ResourceArn
	case *api.UntagResource:
		arn = in.ResourceArn
	case *api.ListTagsForResource:
		arn = in.ResourceArn
	default:
		return o.doImport(input)
	}
	tags, err := o.tagged(arn)
	if err != nil {
		return nil, err
	}
	switch in := input.(type) {
	case *api.TagResource:
		for _, t := range in.Tags {
			*tags = append(slices.DeleteFunc(*tags, func(old api.Tag) bool { return old.Key == t.Key }), t)
		}
	case *api.UntagResource:
		*tags = slices.DeleteFunc(*tags, func(t api.Tag) bool { return slices.Contains(in.TagKeys, t.Key) })
	default:
		return &api.ListTagsForResourceOutput{Tags: slices.Clone(*tags)}, nil
	}
	return nil, nil
}

// tagged returns the tags of the resource with an ARN.
func (o *operation) tagged(arn string) (*[]api.Tag, error) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[0] == "arn" && parts[2] == "ses" {
		switch kind, name, _ := strings.Cut(parts[5], "/"); kind {
		case "identity":
			if i, err := o.identity(name); err == nil {
				return &i.Tags, nil
			}
		case "configuration-set":
			if c, err := o.set(name); err == nil {
				return &c.tags, nil
			}
		case "template":
			if t, err := o.template(name); err == nil {
				return &t.tags, nil
			}
		}
	}
	return nil, o.refuse(api.NotFound, "Resource %s does not exist.", arn)
}
