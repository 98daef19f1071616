package main

import (
	"encoding/json"

	kmsv3 "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
	"suite/checks"
)

func (c v3) Tag(name string, tags map[string]string) error {
	var list []*kmsv3.TagResourcesRequestTag
	for key, value := range tags {
		list = append(list, &kmsv3.TagResourcesRequestTag{
			Key: tea.String(key), Value: tea.String(value),
		})
	}
	_, err := c.client.TagResources(&kmsv3.TagResourcesRequest{
		RegionId: tea.String(region), ResourceType: tea.String("secret"),
		ResourceId: []*string{&name}, Tag: list,
	})
	return err
}

func (c v3) Tags(name string) (map[string]string, error) {
	answer, err := c.client.ListTagResources(&kmsv3.ListTagResourcesRequest{
		RegionId: tea.String(region), ResourceType: tea.String("secret"),
		ResourceId: []*string{&name},
	})
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, tag := range answer.Body.TagResources.TagResource {
		found[tea.StringValue(tag.TagKey)] = tea.StringValue(tag.TagValue)
	}
	return found, nil
}

// The older SDK's own action takes JSON.
func (c v1) Tag(name string, tags map[string]string) error {
	var list []map[string]string
	for key, value := range tags {
		list = append(list, map[string]string{"TagKey": key, "TagValue": value})
	}
	request := kms.CreateTagResourceRequest()
	plain(request.RpcRequest)
	request.SecretName, request.Tags = name, string(checks.Must(json.Marshal(list)))
	_, err := c.client.TagResource(request)
	return err
}

func (c v1) Tags(name string) (map[string]string, error) {
	request := kms.CreateDescribeSecretRequest()
	plain(request.RpcRequest)
	request.SecretName, request.FetchTags = name, "true"
	answer, err := c.client.DescribeSecret(request)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, tag := range answer.Tags.Tag {
		found[tag.TagKey] = tag.TagValue
	}
	return found, nil
}

func (c v3) TagKey(key, tags string) error {
	_, err := c.client.TagResource(&kmsv3.TagResourceRequest{KeyId: &key, Tags: &tags})
	return err
}

func (c v3) UntagKey(key, tagKeys string) error {
	_, err := c.client.UntagResource(&kmsv3.UntagResourceRequest{KeyId: &key, TagKeys: &tagKeys})
	return err
}

func (c v3) KeyTags(key string) (map[string]string, error) {
	answer, err := c.client.ListResourceTags(&kmsv3.ListResourceTagsRequest{KeyId: &key})
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, tag := range answer.Body.Tags.Tag {
		found[tea.StringValue(tag.TagKey)] = tea.StringValue(tag.TagValue)
	}
	return found, nil
}

func (c v1) TagKey(key, tags string) error {
	request := kms.CreateTagResourceRequest()
	plain(request.RpcRequest)
	request.KeyId, request.Tags = key, tags
	_, err := c.client.TagResource(request)
	return err
}

func (c v1) UntagKey(key, tagKeys string) error {
	request := kms.CreateUntagResourceRequest()
	plain(request.RpcRequest)
	request.KeyId, request.TagKeys = key, tagKeys
	_, err := c.client.UntagResource(request)
	return err
}

func (c v1) KeyTags(key string) (map[string]string, error) {
	request := kms.CreateListResourceTagsRequest()
	plain(request.RpcRequest)
	request.KeyId = key
	answer, err := c.client.ListResourceTags(request)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, tag := range answer.Tags.Tag {
		found[tag.TagKey] = tag.TagValue
	}
	return found, nil
}
