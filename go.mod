module essaim

go 1.26
