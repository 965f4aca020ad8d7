// Vue's ways to bind a field, with templates that Vue itself compiles in the page.
import { createApp, ref } from "vue";

const form = (field) => ({
  props: ["name"],
  data: () => ({ values: { email: "", utm_campaign: "", gclid: "" } }),
  methods: { send },
  template: `
    <form :id="name" @submit.prevent="send($event.target, values)">
      <label>E-mail <input name="email" v-model="values.email"></label>
      <label>Campaign, if you know it <input name="utm_campaign" v-model="values.utm_campaign"></label>
      ${field}
      <button>Send</button>
    </form>`,
});

const drawn = ref(0);
createApp({
  components: {
    BoundHidden: form('<input type="hidden" name="gclid" v-model="values.gclid">'),
    BoundText: form('<input type="text" style="display: none" name="gclid" v-model="values.gclid">'),
    // A value that flows one way only: the component's state never hears of ours.
    OneWayHidden: form('<input type="hidden" name="gclid" :value="values.gclid">'),
    OneWayText: form('<input type="text" style="display: none" name="gclid" :value="values.gclid">'),
  },
  setup: () => ({ drawn }),
  // The attribute that changes makes every form draw itself once more.
  template: `
    <BoundHidden name="bound_hidden" :data-drawn="drawn" />
    <BoundText name="bound_text" :data-drawn="drawn" />
    <OneWayHidden name="one_way_hidden" :data-drawn="drawn" />
    <OneWayText name="one_way_text" :data-drawn="drawn" />
    <BoundHidden name="made_anew" :key="drawn" />`,
}).mount("#app");
standing(() => (drawn.value += 1));
