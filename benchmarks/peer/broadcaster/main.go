// Command broadcaster is what one writes in an afternoon with net/http: server-sent events of topics, and a POST that
// publishes. Each subscriber has a goroutine and a queue; what waits in it goes out with one flush.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync"
)

const queued = 256 // events that may wait for a subscriber; one that lacks more is let go

type subscriber chan []byte

type topic struct {
	sequence    uint64
	subscribers map[subscriber]struct{}
}

type broadcaster struct {
	mutex  sync.Mutex
	topics map[string]*topic
}

func main() {
	port := flag.Int("port", 8000, "TCP port on 127.0.0.1")
	flag.Parse()
	b := &broadcaster{topics: map[string]*topic{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /connection/uni_sse", b.listen)
	mux.HandleFunc("POST /api/publish", b.publish)
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, mux))
}

func (b *broadcaster) listen(w http.ResponseWriter, r *http.Request) {
	var connect struct {
		Subs map[string]struct{} `json:"subs"`
	}
	if err := json.Unmarshal([]byte(r.URL.Query().Get("cf_connect")), &connect); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	events := make(subscriber, queued)
	for name := range connect.Subs {
		b.subscribe(name, events)
		defer b.unsubscribe(name, events)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	flusher := w.(http.Flusher)
	fmt.Fprint(w, "data: {\"connect\":{}}\n\n")
	flusher.Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case event, open := <-events:
			if !open {
				return
			}
			if _, err := w.Write(event); err != nil {
				return
			}
			for waiting := len(events); waiting > 0; waiting-- {
				if event, open = <-events; !open {
					return
				}
				if _, err := w.Write(event); err != nil {
					return
				}
			}
			flusher.Flush()
		}
	}
}

func (b *broadcaster) subscribe(name string, events subscriber) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	t := b.topics[name]
	if t == nil {
		t = &topic{subscribers: map[subscriber]struct{}{}}
		b.topics[name] = t
	}
	t.subscribers[events] = struct{}{}
}

func (b *broadcaster) unsubscribe(name string, events subscriber) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	delete(b.topics[name].subscribers, events)
}

func (b *broadcaster) publish(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Channel string          `json:"channel"`
		Data    json.RawMessage `json:"data"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.send(request.Channel, request.Data)
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, "{\"result\":{}}")
}

// send makes the event once, for all.
func (b *broadcaster) send(name string, data []byte) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	t := b.topics[name]
	if t == nil {
		return
	}
	t.sequence++
	event := make([]byte, 0, len(data)+len(name)+80)
	event = append(event, "id: "...)
	event = strconv.AppendUint(event, t.sequence, 10)
	event = append(event, "\ndata: {\"channel\":\""...)
	event = append(event, name...)
	event = append(event, "\",\"pub\":{\"data\":"...)
	event = append(event, data...)
	event = append(event, "}}\n\n"...)
	for events := range t.subscribers {
		select {
		case events <- event:
		default:
			delete(t.subscribers, events)
			close(events)
		}
	}
}
