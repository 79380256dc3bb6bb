// Command peer is the yardstick: a server on github.com/centrifugal/centrifuge, the engine of Centrifugo, with the
// settings that Centrifugo gives it by default (README.md says where each comes from). Everybody may do everything.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	historyNamespace = "hist:"
	historySize      = 300
	historyTTL       = 10 * time.Minute
	historyMetaTTL   = 720 * time.Hour
)

func main() {
	port := flag.Int("port", 8000, "TCP port on 127.0.0.1")
	redis := flag.String("redis", "", "address of a Redis that is the engine; empty: memory")
	flag.Parse()
	if err := serve(*port, *redis); err != nil {
		log.Fatal(err)
	}
}

func serve(port int, redis string) error {
	node, err := centrifuge.New(nodeConfig())
	if err != nil {
		return err
	}
	node.OnConnecting(admitEverybody)
	node.OnConnect(func(client *centrifuge.Client) { handle(node, client) })
	if redis != "" {
		if err := shareOver(redis, node); err != nil {
			return err
		}
	}
	if err := node.Run(); err != nil { // otherwise with the memory broker and presence, Centrifugo's default engine
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/connection/websocket", centrifuge.NewWebsocketHandler(node, webSocketConfig()))
	mux.Handle("/metrics", promhttp.Handler())
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return http.Serve(listener, mux)
}

// shareOver takes the Redis engine as Centrifugo does, with its defaults.
func shareOver(address string, node *centrifuge.Node) error {
	shard, err := centrifuge.NewRedisShard(node, centrifuge.RedisShardConfig{
		Address: address, ConnectTimeout: time.Second, IOTimeout: 4 * time.Second,
	})
	if err != nil {
		return err
	}
	shards := []*centrifuge.RedisShard{shard}
	broker, err := centrifuge.NewRedisBroker(node, centrifuge.RedisBrokerConfig{Shards: shards, Prefix: "centrifugo"})
	if err != nil {
		return err
	}
	node.SetBroker(broker)
	presence, err := centrifuge.NewRedisPresenceManager(node, centrifuge.RedisPresenceManagerConfig{Shards: shards, Prefix: "centrifugo"})
	if err != nil {
		return err
	}
	node.SetPresenceManager(presence)
	return nil
}

func nodeConfig() centrifuge.Config {
	return centrifuge.Config{
		Metrics:                         centrifuge.MetricsConfig{MetricsNamespace: "centrifugo"},
		ChannelMaxLength:                255,
		ClientPresenceUpdateInterval:    27 * time.Second,
		ClientExpiredCloseDelay:         25 * time.Second,
		ClientExpiredSubCloseDelay:      25 * time.Second,
		ClientStaleCloseDelay:           10 * time.Second,
		ClientQueueMaxSize:              1048576,
		ClientChannelLimit:              128,
		ClientChannelPositionCheckDelay: 40 * time.Second,
		HistoryMaxPublicationLimit:      300,
		RecoveryMaxPublicationLimit:     300,
		HistoryMetaTTL:                  historyMetaTTL,
	}
}

func webSocketConfig() centrifuge.WebsocketConfig {
	return centrifuge.WebsocketConfig{
		MessageSizeLimit: 65536,
		WriteTimeout:     time.Second,
		CheckOrigin:      func(*http.Request) bool { return true },
		PingPongConfig:   centrifuge.PingPongConfig{PingInterval: 25 * time.Second, PongTimeout: 8 * time.Second},
	}
}

func admitEverybody(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{}, ClientSideRefresh: true}, nil
}

// handle calls back at once, without a goroutine for each command, as Centrifugo does with client.concurrency unset.
func handle(node *centrifuge.Node, client *centrifuge.Client) {
	client.OnSubscribe(func(event centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
		keepsHistory := strings.HasPrefix(event.Channel, historyNamespace)
		reply(centrifuge.SubscribeReply{Options: centrifuge.SubscribeOptions{
			EnablePositioning: keepsHistory,
			EnableRecovery:    keepsHistory,
			HistoryMetaTTL:    historyMetaTTL,
		}}, nil)
	})
	client.OnPublish(func(event centrifuge.PublishEvent, reply centrifuge.PublishCallback) {
		result, err := node.Publish(event.Channel, event.Data, publishOptions(event)...)
		reply(centrifuge.PublishReply{Result: &result}, err)
	})
}

func publishOptions(event centrifuge.PublishEvent) []centrifuge.PublishOption {
	options := []centrifuge.PublishOption{centrifuge.WithClientInfo(event.ClientInfo)}
	if strings.HasPrefix(event.Channel, historyNamespace) {
		options = append(options, centrifuge.WithHistory(historySize, historyTTL, historyMetaTTL))
	}
	return options
}
