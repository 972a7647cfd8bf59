package reports

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"sesim/sim"
)

// Figures holds the figures of an account, a sender or a list that have no
// field of their own in the summary, by their place: "burst.max". In
// summary.json each is at that place: {"burst": {"max": 12}}.
type Figures map[string]float64

// moreField is the name of the fields of type Figures.
const moreField = "More"

// place is where a figure is in a struct of type E of the summary.
type place struct {
	info   *sim.FigureInfo
	holder []int  // indices of fields from E to the struct that has it
	field  int    // index there; none if the figure is in the struct's More
	key    string // of the field, or in More
	item   int    // of a list: which of its items, from 1; 0: it is no list
}

const none = -1

// placesOf finds the places of the figures of a table in an E: the fields with
// the keys of the figures and, for figures without such a field, the innermost
// More.
func placesOf[E, R any](rows []sim.Figure[R]) []place {
	list := make([]place, len(rows))
	for i := range rows {
		list[i] = locate(reflect.TypeFor[E](), rows[i].Place())
		list[i].info = &rows[i].FigureInfo
	}
	return list
}

func locate(t reflect.Type, path string) place {
	var in []int
	more := place{field: none}
	for {
		if f, ok := t.FieldByName(moreField); ok {
			more.holder, more.key = join(in, f.Index[:len(f.Index)-1]), path
		}
		key, rest, nested := strings.Cut(path, ".")
		index := fieldOf(t, key)
		if index == nil {
			return more
		}
		last := len(index) - 1
		if !nested {
			return place{holder: join(in, index[:last]), field: index[last], key: key}
		}
		if t.FieldByIndex(index).Type.Kind() == reflect.Slice {
			item, err := strconv.Atoi(rest)
			if err != nil {
				panic(fmt.Sprintf("reports: %s of a figure's place is a list", key))
			}
			return place{holder: join(in, index[:last]), field: index[last], key: key, item: item}
		}
		in, path = join(in, index), rest
		if t = t.FieldByIndex(index).Type; t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			panic(fmt.Sprintf("reports: %s of a figure's place has no keys", key))
		}
	}
}

func join(a, b []int) []int { return append(append([]int{}, a...), b...) }

// fieldOf returns the indices of the field with a key, or nil.
func fieldOf(t reflect.Type, key string) []int {
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name == key {
			return f.Index
		}
	}
	return nil
}

// within returns the struct that holds a figure of the E that v points to. If
// there is none, it is created on request.
func (p *place) within(v reflect.Value, create bool) (reflect.Value, bool) {
	v = v.Elem()
	for _, i := range p.holder {
		v = v.Field(i)
		if v.Kind() != reflect.Pointer {
			continue
		}
		if v.IsNil() {
			if !create {
				return v, false
			}
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	return v, true
}

// partial is a struct of which some figures may be without data.
type partial interface{ known(key string) bool }

// readAll reads figures from the E that entity points to.
func readAll(entity any, places []place, owner string) []Figure {
	list := make([]Figure, 0, len(places))
	v := reflect.ValueOf(entity)
	for i := range places {
		p := &places[i]
		f := Figure{Name: owner + "." + p.info.Name, Kind: p.info.Kind, Info: p.info}
		if p.read(v, &f) {
			list = append(list, f)
		}
	}
	return list
}

// read enters value and data of a figure. It returns false if the summary does
// not have it.
func (p *place) read(v reflect.Value, f *Figure) bool {
	holder, ok := p.within(v, false)
	if !ok {
		return false
	}
	if p.field == none {
		f.Value, f.Data = holder.FieldByName(moreField).Interface().(Figures)[p.key]
		return f.Data
	}
	f.Data = true
	if h, ok := holder.Addr().Interface().(partial); ok {
		f.Data = h.known(p.key)
	}
	switch value := holder.Field(p.field).Interface().(type) {
	case int64:
		f.Value = float64(value)
	case float64:
		f.Value = value
	case Seconds:
		f.Value = time.Duration(value).Seconds()
	case *Seconds:
		if f.Data = f.Data && value != nil; f.Data {
			f.Value = time.Duration(*value).Seconds()
		}
	case []int64:
		if f.Data = p.item <= len(value); f.Data {
			f.Value = float64(value[p.item-1])
		}
		return f.Data
	case Refused:
		f.Value = float64(value.Total())
	default:
		panic(fmt.Sprintf("reports: the place of %s holds a %T", f.Name, value))
	}
	return true
}

// enter enters the figures of a result in the E that entity points to. It
// fails if one is not a finite number, which JSON could not hold.
func enter[R any](entity any, places []place, rows []sim.Figure[R], result *R, owner string) error {
	v := reflect.ValueOf(entity)
	for i := range places {
		value, data := rows[i].Of(result)
		if !data {
			continue
		}
		if !isFinite(value) {
			return fmt.Errorf("%s of %s is %v, not a finite number", rows[i].Name, owner, value)
		}
		places[i].write(v, value)
	}
	return nil
}

func (p *place) write(v reflect.Value, value float64) {
	holder, _ := p.within(v, true)
	if p.field == none {
		more := holder.FieldByName(moreField).Addr().Interface().(*Figures)
		if *more == nil {
			*more = Figures{}
		}
		(*more)[p.key] = value
		return
	}
	switch to := holder.Field(p.field).Addr().Interface().(type) {
	case *int64:
		*to = int64(value)
	case *float64:
		*to = value
	case *Seconds:
		*to = Seconds(math.Round(value * float64(time.Second)))
	case **Seconds:
		seconds := Seconds(math.Round(value * float64(time.Second)))
		*to = &seconds
	case *Refused: // the sum of its fields
	case *[]int64: // entered as a whole
	}
}
